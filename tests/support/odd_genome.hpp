#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "neat/genome/genome.hpp"

namespace skein::test {

/// A valid genome of a picture with the oddities that Picbreeder's have, drawn by `seed`: colour or ink; every
/// activation; markings of two branches with the same ids; links that leave outputs; nodes without links into or out of
/// them; outputs without links; parallel links, links of weight zero, disabled links that would close a cycle; nodes
/// and links in no order. Every fifth is a chain of 30 and more layers. Weights are multiples of 1/64, small enough
/// that rounding stays rounding through all layers.
neat::Genome odd_genome(std::uint64_t seed);

/// A document in Picbreeder's format that holds `genomes` in this order, written with what real documents have beside
/// and between them: elements that mean nothing here, comments, nodes in any order, genomes inside generations of a
/// saved set, genes listed twice, links into inputs, a branch that is a word, ink called brightness, links from bias
/// written as a node's own bias.
std::string odd_document(std::span<const neat::Genome> genomes, std::uint64_t seed);

}  // namespace skein::test
