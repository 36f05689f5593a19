#pragma once

#include "neat/genome/genome.hpp"
#include "neat/operators/settings.hpp"

namespace skein::neat {

/// How two genomes in gene order differ.
struct GeneDifference {
  std::size_t matching = 0;
  std::size_t disjoint = 0;
  std::size_t excess = 0;  ///< genes younger than all of the other genome
  double weight = 0;       ///< mean absolute difference of matching weights
};

GeneDifference difference(const Genome& a, const Genome& b);

/// The compatibility distance delta = c1 E / N + c2 D / N + c3 W (Stanley and Miikkulainen 2002, equation 1).
double distance(const Genome& a, const Genome& b, const Speciation& settings);

}  // namespace skein::neat
