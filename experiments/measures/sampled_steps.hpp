#pragma once

#include <cstdint>
#include <vector>

#include "experiments/measures/evidence.hpp"

namespace skein::experiments {

/// The weights to move: drawn within each layer in proportion to its size, by a hash of their magnitude, so
/// that permuting units or flipping signs leaves the sample the same. Effects and maps are left empty.
Steps sampled_weights(const Subject& subject, const ScoreSettings& settings);

/// One random direction of unit length per chosen unit, over its incoming weights (more where there are
/// fewer units than directions). Coefficients go by the weights' magnitudes, so the inputs' order is nothing.
Steps sampled_directions(const Subject& subject, const ScoreSettings& settings);

/// A unit to look at.
struct SampledUnit {
  ValueIndex value = 0;
  std::int32_t layer = 0;
};

/// `settings.units` of the counted units, drawn as weights are, by the magnitudes of what they read.
std::vector<SampledUnit> sampled_units(const Subject& subject, const ScoreSettings& settings);

}  // namespace skein::experiments
