#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "neat/genome/genome.hpp"

namespace skein::neat {

/// Picbreeder's XML, with the buttons and ranges of the CPPN-X editor where there are labels. Weights and
/// ranges are written in the fewest digits that read back as the same number, so that reading, writing and
/// reading again gives the same genome and labels. Several genomes make a saved set. Throws ConfigError when
/// `genomes` is empty, or one is not valid or has other inputs and outputs than a picture's.
std::string picbreeder_xml(std::span<const AnnotatedGenome> genomes);

/// The XML, or for a name that ends in .zip the archive with its one member `a`. Throws as above, and
/// FormatError when the file cannot be written.
void write_picbreeder(const std::filesystem::path& path, std::span<const AnnotatedGenome> genomes);

}  // namespace skein::neat
