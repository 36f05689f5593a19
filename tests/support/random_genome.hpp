#pragma once

#include <cstdint>

#include "neat/genome/genome.hpp"

namespace skein::test {

struct RandomGenomeSettings {
  int most_hidden = 24;       ///< hidden nodes: 0 to this many
  bool greyscale_too = true;  ///< one in three has the single output "ink"
  bool oddities = true;       ///< unreached and useless nodes, parallel, zero and disabled links
};

/// A valid feed-forward genome, drawn by `seed`: inputs x, y, d, bias, every activation, links that leave
/// outputs, markings of several branches, nodes and links in no particular order. Weights are multiples of
/// 1/64 in [-3, 3], so that sums of two are exact.
neat::Genome random_genome(std::uint64_t seed, const RandomGenomeSettings& settings = {});

}  // namespace skein::test
