#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "lib/engine/engine.hpp"

namespace skein::experiments {

/// How a mask over frozen weights is learned: continuous sparsification (Savarese, Silva, Maire 2020), as Lepori,
/// Serre and Pavlick 2023 use it. m = sigmoid(beta s), loss + penalty * mean(m), beta from `first_beta`
/// to `last_beta` geometrically, Adam on s (betas 0.8 and 0.9, as gradients fade while the mask hardens); what is kept is
/// s > 0. The slope of the sigmoid is left out of the gradient.
struct MaskSettings {
  int steps = 500;
  double rate = 0.03;         ///< of Adam
  double start = 3;           ///< initial s; sigmoid(3) = 0.95, so that deep networks are not starved
  double start_spread = 0.3;  ///< standard deviation of the initial s: what the seed draws
  bool from_nothing = false;  ///< the initial s has the opposite sign: every gate begins closed
  double first_beta = 3;      ///< so that no weight is much smaller at first
  double last_beta = 200;
  double penalty = 0.05;  ///< what the whole mask costs, in units of the loss
  std::uint64_t seed = 0;
  void validate() const;  ///< throws ConfigError
};

/// Given m (one per gate, in [0, 1]), writes d loss / d m and returns the loss. Losses should be near 1 for what
/// draws nothing of what is asked for.
using GatedLoss = std::function<double(std::span<const double> gates, std::span<double> gradient)>;

/// The scores s. Gates with `fixed` 1 are always on and cost nothing; theirs is infinite. A gradient that is not
/// finite counts as 0.
std::vector<double> learn_mask(std::size_t gates, std::span<const std::uint8_t> fixed, const GatedLoss& loss,
                               const MaskSettings& settings);

}  // namespace skein::experiments
