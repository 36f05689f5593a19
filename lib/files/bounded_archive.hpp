#pragma once

#include <cereal/cereal.hpp>
#include <cereal/types/common.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/utility.hpp>
#include <cereal/types/variant.hpp>
#include <cereal/types/vector.hpp>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "lib/base/error.hpp"

/// cereal archives over bytes in memory, for the payload of a framed file. Include only in the .cpp files
/// that read or write files. The input one trusts nothing: no read goes past the end, and no container is
/// given more elements than there are bytes left, so a made-up count cannot ask for memory.
namespace skein {

class ByteOutput : public cereal::OutputArchive<ByteOutput, cereal::AllowEmptyClassElision> {
 public:
  ByteOutput() : OutputArchive(this) {}
  void append(const void* data, std::size_t size) { bytes_.append(static_cast<const char*>(data), size); }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class BoundedInput : public cereal::InputArchive<BoundedInput, cereal::AllowEmptyClassElision> {
 public:
  /// `name` is what errors call the file. `bytes` must outlive the archive.
  BoundedInput(std::string_view bytes, std::string name)
      : InputArchive(this), bytes_(bytes), name_(std::move(name)) {}

  void take(void* data, std::size_t size) {
    if (size > bytes_.size()) fail();
    if (size != 0) std::memcpy(data, bytes_.data(), size);
    bytes_.remove_prefix(size);
  }
  void check_count(std::uint64_t count) const {
    if (count > bytes_.size()) fail();
  }
  /// Throws FormatError when bytes are left over.
  void finish() const {
    if (!bytes_.empty()) fail();
  }
  [[noreturn]] void fail() const { throw FormatError(name_ + ": its contents do not fit its format"); }

 private:
  std::string_view bytes_;
  std::string name_;
};

template <class T>
requires std::is_arithmetic_v<T>
void CEREAL_SAVE_FUNCTION_NAME(ByteOutput& archive, const T& value) { archive.append(&value, sizeof value); }

template <class T>
requires std::is_arithmetic_v<T>
void CEREAL_LOAD_FUNCTION_NAME(BoundedInput& archive, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    std::uint8_t byte = 0;
    archive.take(&byte, 1);
    if (byte > 1) archive.fail();
    value = byte == 1;
  } else {
    archive.take(&value, sizeof value);
  }
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(ByteOutput& archive, const cereal::SizeTag<T>& tag) {
  const auto count = static_cast<std::uint64_t>(tag.size);
  archive.append(&count, sizeof count);
}

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(BoundedInput& archive, cereal::SizeTag<T>& tag) {
  std::uint64_t count = 0;
  archive.take(&count, sizeof count);
  archive.check_count(count);
  tag.size = static_cast<std::remove_reference_t<T>>(count);
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(ByteOutput& archive, const cereal::BinaryData<T>& data) {
  archive.append(data.data, static_cast<std::size_t>(data.size));
}

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(BoundedInput& archive, cereal::BinaryData<T>& data) {
  archive.take(data.data, static_cast<std::size_t>(data.size));
}

template <class Archive, class T>
requires std::is_same_v<Archive, ByteOutput> || std::is_same_v<Archive, BoundedInput>
void CEREAL_SERIALIZE_FUNCTION_NAME(Archive& archive, cereal::NameValuePair<T>& pair) { archive(pair.value); }

}  // namespace skein

CEREAL_SETUP_ARCHIVE_TRAITS(skein::BoundedInput, skein::ByteOutput)
