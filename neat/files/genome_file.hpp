#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "neat/genome/genome.hpp"

namespace skein::neat {

inline constexpr std::string_view genome_file_kind = "genome";  ///< what framed_kind says of it
inline constexpr std::uint32_t genome_file_version = 2;

/// skein's own genome file: a framed archive (lib/files/framed_file.hpp) of one genome with its notes. Every bit of
/// weights and ranges is kept. Under a name that ends in .json it is written as JSON (genome_json.hpp). Throws as `validate` does, and FormatError when the file cannot be written.
void write_genome(const std::filesystem::path& path, const AnnotatedGenome& annotated);

/// Either kind, told apart by content. Throws FormatError naming the file: not a genome file, torn, damaged, newer than this program, or not a
/// valid genome.
AnnotatedGenome read_genome(const std::filesystem::path& path);

/// The file as bytes, and the reverse; `name` is what errors call it.
std::string genome_bytes(const AnnotatedGenome& annotated);
AnnotatedGenome parse_genome(std::string_view bytes, const std::string& name);

}  // namespace skein::neat
