#pragma once

#include <span>
#include <vector>

#include "lib/engine/engine.hpp"

namespace skein::experiments {

/// A network with a weight from the constant input into every unit that has edges, 0 until something is replaced
/// by its mean. Slots of the original keep their numbers.
struct WithBiases {
  Network network;
  std::vector<Slot> bias;  ///< per unit: its slot; that of a unit without edges is `none`
  static constexpr Slot none = ~Slot{0};
};

/// Throws ConfigError when the network has no input called bias.
WithBiases with_biases(const Network& network);

/// Mean of every value (inputs, then units) over the pixels of a grid marked; not finite ones count as 0.
std::vector<double> mean_values(const Plan& plan, std::span<const float> weights, const Grid& grid,
                                std::span<const std::uint8_t> marked);

}  // namespace skein::experiments
