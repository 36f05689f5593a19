#include "lib/files/framed_file.hpp"

#include <zlib.h>

#include <bit>
#include <cstring>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein {

static_assert(std::endian::native == std::endian::little, "skein's files are written as they lie in memory");

namespace {

constexpr std::string_view magic("\x89SKEIN\r\n", 8);
constexpr std::size_t kind_size = 16, version_at = 24, checksum_at = 28, length_at = 32, header_size = 40;

template <class T>
T load(std::string_view bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::uint32_t checksum(std::string_view header, std::string_view payload) {
  const auto add = [](uLong sum, std::string_view part) {
    return crc32_z(sum, reinterpret_cast<const Bytef*>(part.data()), part.size());
  };
  uLong sum = crc32_z(0, nullptr, 0);
  sum = add(sum, header.substr(magic.size(), checksum_at - magic.size()));
  sum = add(sum, header.substr(length_at, header_size - length_at));
  return static_cast<std::uint32_t>(add(sum, payload));
}

}  // namespace

std::string frame(std::string_view kind, std::uint32_t version, std::string_view payload) {
  if (kind.empty() || kind.size() > kind_size)
    throw ConfigError("framed file: kind '" + std::string(kind) + "' must have 1 to 16 letters");
  std::string bytes(header_size, '\0');
  const std::uint64_t length = payload.size();
  std::memcpy(bytes.data(), magic.data(), magic.size());
  std::memcpy(bytes.data() + magic.size(), kind.data(), kind.size());
  std::memcpy(bytes.data() + version_at, &version, sizeof version);
  std::memcpy(bytes.data() + length_at, &length, sizeof length);
  const std::uint32_t sum = checksum(bytes, payload);
  std::memcpy(bytes.data() + checksum_at, &sum, sizeof sum);
  return bytes.append(payload);
}

std::optional<std::string> framed_kind(std::string_view bytes) {
  if (bytes.size() < header_size || bytes.substr(0, magic.size()) != magic) return std::nullopt;
  const std::string_view field = bytes.substr(magic.size(), kind_size);
  return std::string(field.substr(0, field.find('\0')));
}

Framed unframe(std::string_view bytes, std::string_view kind, std::uint32_t newest, const std::string& name) {
  const auto found = framed_kind(bytes);
  if (!found) throw FormatError(name + ": is not a skein file");
  const auto length = load<std::uint64_t>(bytes, length_at);
  const std::string_view payload = bytes.substr(header_size);
  if (payload.size() != length)
    throw FormatError(name + ": is torn: its header promises " + std::to_string(length) +
                      " bytes, it holds " + std::to_string(payload.size()));
  if (load<std::uint32_t>(bytes, checksum_at) != checksum(bytes.substr(0, header_size), payload))
    throw FormatError(name + ": is damaged: its checksum does not match");
  if (*found != kind)
    throw FormatError(name + ": is a skein " + *found + ", a " + std::string(kind) + " was expected");
  const auto version = load<std::uint32_t>(bytes, version_at);
  if (version > newest)
    throw FormatError(name + ": was written by a newer skein (" + *found + " version " +
                      std::to_string(version) + ", this one reads up to " + std::to_string(newest) + ")");
  return {version, std::string(payload)};
}

void write_framed(const std::filesystem::path& path, std::string_view kind, std::uint32_t version,
                  std::string_view payload) {
  write_file(path, frame(kind, version, payload));
}

Framed read_framed(const std::filesystem::path& path, std::string_view kind, std::uint32_t newest) {
  return unframe(read_file(path, largest_framed), kind, newest, path.string());
}

}  // namespace skein
