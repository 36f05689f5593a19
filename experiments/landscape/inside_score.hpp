#pragma once

#include <cstdint>
#include <optional>

#include "experiments/landscape/basin_target.hpp"

namespace skein::experiments {

/// How factored a network is, as `skein score` has it on 64 weights at 64 x 64 pixels.
struct InsideScore {
  std::optional<double> score, low, high;  ///< compositional score with its interval
  std::optional<double> participation;     ///< where the picture's parts are known
};

/// A pure function of its arguments.
InsideScore inside_score(const sgd::Mlp& mlp, const BasinTarget& target, std::uint64_t seed);

}  // namespace skein::experiments
