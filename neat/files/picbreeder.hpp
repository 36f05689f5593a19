#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "neat/genome/genome.hpp"

namespace skein::neat {

/// Reading of Picbreeder's genomes: the zip it serves (a member named `a` that holds the XML), the XML
/// itself, saved sets of several genomes, and the XML of the CPPN-X editor (Huizinga, Stanley and Clune
/// 2018), in which a person gave a sense to links. What is found is brought to one form:
///
/// - inputs (x, y, d, bias) in this order, whatever order the file has;
/// - outputs (ink), or (hue, saturation, brightness) in this order;
/// - hidden nodes and links in the file's order;
/// - a branch that is a word, which a genome has before it is published, gets a number, with a warning; files that are
///   written have the word again;
/// - a node's own bias (the attribute `bias`), where it is not 0, becomes a link from the input bias;
/// - a label is the text of its button, without the ":=N" that marks a slider.
///
/// Missing inputs and outputs are added, unconnected; a gene without marking, or with one that another has,
/// is given a new one; a gene listed twice is read once. Every such mending leaves a line in
/// `notes.warnings`. Elements that mean nothing here are passed over.
inline constexpr std::size_t largest_picbreeder_xml = std::size_t{8} << 20;  ///< bytes

/// All genomes in the bytes of a zip or XML file, in its order; at least one. `name` is what errors call the
/// file. Throws FormatError: damaged, no genome in it, too large, an unknown activation or input, and
/// whatever `validate` refuses (a cycle, missing nodes, weights that are not finite, markings given twice).
std::vector<AnnotatedGenome> parse_picbreeder(std::string_view bytes, const std::string& name);

/// One genome of a set, or why it cannot be read.
struct SetMember {
  std::optional<AnnotatedGenome> genome;
  std::string problem;  ///< one line that names the file and the genome; empty where it can be read
};

/// As `parse_picbreeder`, but a genome that cannot be read does not stop the others. Throws FormatError when the file
/// as a whole cannot be read or holds no genome.
std::vector<SetMember> parse_picbreeder_set(std::string_view bytes, const std::string& name);

/// All genomes, as `parse_picbreeder`, from a file; `notes.name` becomes the file's name without extension, with #n when there are
/// several.
std::vector<AnnotatedGenome> read_picbreeder(const std::filesystem::path& path);

/// Whether the bytes are a zip or XML that may hold Picbreeder genomes (a quick look; parsing may still
/// refuse).
bool may_be_picbreeder(std::string_view bytes);

}  // namespace skein::neat
