#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "neat/genome.hpp"

namespace skein::neat {

/// One <genome> of a Picbreeder document, mended as neat/picbreeder.hpp says. `where` is what errors call it.
/// Throws FormatError.
AnnotatedGenome read_genome_element(const pugi::xml_node& element, const std::string& where);

/// Without white space at the ends.
std::string_view trimmed(std::string_view text);

}  // namespace skein::neat
