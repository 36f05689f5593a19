#include "lib/files/protobuf.hpp"

#include <bit>
#include <cstring>

#include "lib/base/error.hpp"

namespace skein {
namespace {

enum WireKind : unsigned { wire_number = 0, wire_eight_bytes = 1, wire_bytes = 2, wire_four_bytes = 5 };

[[noreturn]] void fail_proto(const std::string& name) {
  throw FormatError(name + ": a damaged message of Protocol Buffers");
}

/// Takes a number off the front.
std::uint64_t take_varint(std::string_view& rest, const std::string& name) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest.empty()) fail_proto(name);
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return value;
  }
  fail_proto(name);
}

std::string_view take_bytes(std::string_view& rest, std::uint64_t count, const std::string& name) {
  if (count > rest.size()) fail_proto(name);
  const std::string_view taken = rest.substr(0, static_cast<std::size_t>(count));
  rest.remove_prefix(taken.size());
  return taken;
}

}  // namespace

void ProtoMessage::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>((value & 0x7f) | 0x80);
  bytes_ += static_cast<char>(value);
}

void ProtoMessage::number(int field, std::uint64_t value) {
  varint(static_cast<std::uint64_t>(field) << 3 | wire_number);
  varint(value);
}

void ProtoMessage::real(int field, float value) {
  static_assert(std::endian::native == std::endian::little);
  varint(static_cast<std::uint64_t>(field) << 3 | wire_four_bytes);
  bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void ProtoMessage::bytes(int field, std::string_view value) {
  varint(static_cast<std::uint64_t>(field) << 3 | wire_bytes);
  varint(value.size());
  bytes_ += value;
}

std::vector<ProtoField> proto_fields(std::string_view message, const std::string& name) {
  std::vector<ProtoField> fields;
  while (!message.empty()) {
    const std::uint64_t key = take_varint(message, name);
    if (key >> 3 == 0 || key >> 32 != 0) fail_proto(name);
    ProtoField field{static_cast<int>(key >> 3), 0, {}};
    switch (key & 7) {
      case wire_number:
        field.value = take_varint(message, name);
        break;
      case wire_eight_bytes:
        field.bytes = take_bytes(message, 8, name);
        break;
      case wire_bytes:
        field.bytes = take_bytes(message, take_varint(message, name), name);
        break;
      case wire_four_bytes:
        field.bytes = take_bytes(message, 4, name);
        break;
      default:
        fail_proto(name);
    }
    fields.push_back(field);
  }
  return fields;
}

std::vector<std::uint64_t> proto_numbers(const std::vector<ProtoField>& fields, int number,
                                         const std::string& name) {
  std::vector<std::uint64_t> numbers;
  for (const ProtoField& field : fields) {
    if (field.number != number) continue;
    if (field.bytes.empty()) numbers.push_back(field.value);
    for (std::string_view rest = field.bytes; !rest.empty();) numbers.push_back(take_varint(rest, name));
  }
  return numbers;
}

}  // namespace skein
