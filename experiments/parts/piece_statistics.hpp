#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "experiments/parts/subnetworks.hpp"

namespace skein::experiments {

inline constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

/// How well a piece alone does: on its own part, and on each other part where that is defined.
struct PartAccuracies {
  double own = no_number;
  std::vector<double> others;

  /// On its own, less the mean of the others.
  double difference() const;
};

/// Jaccard index of two sets, each a mark per slot; 1 of two empty ones.
double jaccard(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b);

/// F1 of the slots marked against those whose label is `part`; 1 where both are none.
double edge_f1(const std::vector<std::uint8_t>& mask, const std::vector<int>& label, int part);

/// NaN where none is finite.
double mean_of_finite(const std::vector<double>& values);

/// What the masks of one part say: of each seed the mask, how well it does alone (`sub`) and how well what is left
/// does without it (`ablated`).
PartSubnetwork summary_of(std::string name, std::vector<LearnedPart> masks,
                          const std::vector<PartAccuracies>& sub, const std::vector<PartAccuracies>& ablated,
                          const MaskedNet& net, int part, std::uint64_t seed);

}  // namespace skein::experiments
