#pragma once

#include <string>
#include <string_view>

#include "neat/genome/genome.hpp"

namespace skein::neat {

inline constexpr std::string_view genome_json_format = "skein-genome";
inline constexpr int genome_json_version = 1;

/// A genome as JSON to be read, compared and edited by hand: genome.schema.json of this folder says what may stand in
/// it. One gene a line. Every bit of weights and ranges is kept. Throws as `validate` does.
std::string genome_json(const AnnotatedGenome& annotated);

/// Whether the text says that it is such a file.
bool may_be_genome_json(std::string_view bytes);

/// Throws FormatError naming the file and the place in it: not JSON, a member that is missing or of another kind, a
/// version newer than this program, or not a valid genome.
AnnotatedGenome parse_genome_json(std::string_view bytes, const std::string& name);

}  // namespace skein::neat
