#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skein {

/// Writes one message of Protocol Buffers (its wire format: protobuf.dev, "Encoding"), field by field.
class ProtoMessage {
 public:
  void number(int field, std::uint64_t value);
  void real(int field, float value);
  /// A text, bytes or a message that is complete.
  void bytes(int field, std::string_view value);
  const std::string& written() const { return bytes_; }

 private:
  void varint(std::uint64_t value);
  std::string bytes_;
};

/// A field as read: a number in `value`, or the bytes of a text, a message or a fixed-size number.
struct ProtoField {
  int number = 0;
  std::uint64_t value = 0;
  std::string_view bytes;
};

/// The fields of a message, in its order; `bytes` of each point into the message. `name` is what errors call the file.
/// Throws FormatError when it is damaged or of a kind long given up (groups).
std::vector<ProtoField> proto_fields(std::string_view message, const std::string& name);

/// The numbers of a repeated field, packed into one or each of its own. Throws FormatError.
std::vector<std::uint64_t> proto_numbers(const std::vector<ProtoField>& fields, int number,
                                         const std::string& name);

}  // namespace skein
