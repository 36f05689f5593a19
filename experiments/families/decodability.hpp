#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "experiments/families/code_split.hpp"
#include "lib/engine/engine.hpp"

namespace skein::experiments {

/// How well the code can be read off by a linear map: fitted to the combinations seen, R2 on the others against the mean
/// code seen.
struct Decodability {
  int layer = 0;        ///< 0: the inputs themselves, the control; then the hidden layers
  double r2 = 0;        ///< from the units' means over the picture
  double shuffled = 0;  ///< the same with the codes of the combinations seen exchanged at random
};

struct DecodingSettings {
  int size = 24;        ///< side of the pictures, pixels
  double ridge = 1e-2;  ///< times the units' mean sum of squares over the combinations seen
};

/// Of the inputs and then of each layer; `layers` lists the units' values of each.
std::vector<Decodability> decodability_of(const CodeSplit& split, const Plan& plan,
                                          std::span<const float> weights,
                                          const std::vector<std::vector<ValueIndex>>& layers,
                                          const DecodingSettings& settings, std::uint64_t seed);

}  // namespace skein::experiments
