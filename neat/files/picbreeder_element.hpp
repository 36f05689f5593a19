#pragma once

#include <pugixml.hpp>
#include <string>

#include "neat/genome/genome.hpp"

namespace skein::neat {

/// One <genome> of a Picbreeder document, mended as neat/files/picbreeder.hpp says. `where` is what errors call it.
/// Throws FormatError.
AnnotatedGenome read_genome_element(const pugi::xml_node& element, const std::string& where);

}  // namespace skein::neat
