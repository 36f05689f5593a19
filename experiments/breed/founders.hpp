#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "neat/genome/genome.hpp"

namespace skein::experiments {

/// What a line of breeding begins with, by the bytes of a file: a Picbreeder zip or XML (all genomes of a saved set, at most
/// fifteen), a genome file or its JSON, the archive of a MAP-Elites run (its best elites of different places). `name` is what
/// errors call the file. Throws FormatError in one line for anything else, ConfigError for a genome that cannot be bred.
std::vector<neat::AnnotatedGenome> founders_in(std::string_view bytes, const std::string& name);

/// The same by a NET argument, or the folder of a run that has an archive.map.
std::vector<neat::AnnotatedGenome> founders_named(const std::string& argument);

}  // namespace skein::experiments
