#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace skein {

/// skein's binary files: a frame around a payload. Little endian:
///
///     0   8  magic "\x89SKEIN\r\n" (damaged by a text-mode transfer, as PNG's is)
///     8  16  kind, padded with zeros: "genome", "mlp", "checkpoint", ...
///    24   4  version of the kind's payload
///    28   4  CRC-32 of kind, version, length and payload
///    32   8  length of the payload in bytes
///    40      payload
struct Framed {
  std::uint32_t version = 0;
  std::string payload;
};

inline constexpr std::size_t largest_framed = std::size_t{16}
                                              << 30;  ///< bytes: long trainings keep every step's loss

/// Writes a framed file whole or not at all (see write_file).
void write_framed(const std::filesystem::path& path, std::string_view kind, std::uint32_t version,
                  std::string_view payload);

/// Throws FormatError naming the file and the cause: not a skein file, another kind, a version newer than
/// `newest`, torn (shorter or longer than its header says), damaged (checksum).
Framed read_framed(const std::filesystem::path& path, std::string_view kind, std::uint32_t newest);

/// The frame as bytes, and the reverse; `name` is what errors call the file.
std::string frame(std::string_view kind, std::uint32_t version, std::string_view payload);
Framed unframe(std::string_view bytes, std::string_view kind, std::uint32_t newest, const std::string& name);

/// The kind that the bytes claim to be; nothing when they are not skein's.
std::optional<std::string> framed_kind(std::string_view bytes);

}  // namespace skein
