#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "sgd/recursion/recursion.hpp"

namespace skein::sgd {

/// A framed file (lib/files/framed_file.hpp) of this kind: the recursion's text, its signature, weights and initial
/// weights, bit for bit.
inline constexpr std::string_view recursion_kind = "recursion";
inline constexpr std::uint32_t recursion_version = 1;

/// Throws ConfigError as `validate` does.
std::string encode_recursion(const RecursiveNet& net);
/// Throws FormatError, naming the file `name`: foreign, damaged, or parts that do not belong together.
RecursiveNet decode_recursion(std::string_view bytes, const std::string& name);

void write_recursion(const std::filesystem::path& file, const RecursiveNet& net);
RecursiveNet read_recursion(const std::filesystem::path& file);

}  // namespace skein::sgd
