#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace skein {

inline constexpr std::size_t largest_file = std::size_t{256}
                                            << 20;  ///< what a whole-file read accepts, in bytes

/// The bytes of a file. Throws FormatError naming the file when it cannot be read or is larger than `limit`.
std::string read_file(const std::filesystem::path& path, std::size_t limit = largest_file);

/// Writes the whole file or nothing: to a temporary name beside it, flushed to disk, then renamed over
/// `path`. Throws FormatError naming the file and the cause (no space, no permission, no such folder); an
/// earlier file of that name is then untouched.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// Appends and flushes. For line-by-line records; a torn last line is the reader's to skip.
void append_to_file(const std::filesystem::path& path, std::string_view bytes);

/// Makes the folder and its parents. Throws FormatError naming it and the cause.
void make_folder(const std::filesystem::path& path);

}  // namespace skein
