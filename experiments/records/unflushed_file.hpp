#pragma once

#include <filesystem>
#include <string_view>

namespace skein::experiments {

/// Files that mean little once the machine has stopped: written without waiting for the disk, which costs some
/// milliseconds a time. Everything else goes through lib/base/file.hpp.

/// Writes a file that must not exist yet; what could not be written whole is removed. Throws FormatError naming it and
/// the cause.
void write_new_unflushed(const std::filesystem::path& path, std::string_view bytes);

/// Appends; what could not be written whole is taken back. Throws FormatError naming the file and the cause.
void append_unflushed(const std::filesystem::path& path, std::string_view bytes);

}  // namespace skein::experiments
