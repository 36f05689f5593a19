#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace skein::experiments {

/// Sixteen hexadecimal digits.
std::string hex_text(std::uint64_t number);

/// A file's content in sixteen hexadecimal digits (FNV-1a), by which a record knows the files that belong to
/// it.
std::string digest_of(std::string_view bytes);

/// The bytes of a file that has this digest; nothing when there is no such file or it holds something else.
std::optional<std::string> bytes_of_digest(const std::filesystem::path& file, const std::string& digest);

}  // namespace skein::experiments
