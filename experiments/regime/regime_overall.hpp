#pragma once

#include <optional>
#include <span>
#include <vector>

#include "experiments/regime/regime_analysis.hpp"

namespace skein::experiments {

/// What a connection is above a control over targets, which share nothing: each target's effect over all depths is one value.
struct OverallEffect {
  Connection connection, control;
  std::size_t column = 0;
  std::size_t targets = 0, positive = 0;  ///< that have an effect; with one above 0
  double effect = 0, low = 0, high = 0;   ///< mean over targets, with its 95 % interval (Student's t)
  double p = 1;                           ///< two-sided, by flipping signs of targets (exact to 30)
};

/// The cells of all targets together, as those of a target called "all targets": the ways of connecting and the depths that
/// every target has. A cell's n counts targets, its mean is that of the targets' means (of losses the geometric one), with the
/// 95 % interval over targets; networks without numbers are added up. Shapes are those of the targets' means, each target in the place of
/// a seed: what they say is said of depths that are the same for all. Nothing for fewer than two targets, or where they share no
/// cell.
std::optional<RegimeFinding> over_targets(std::span<const RegimeFinding> findings);

/// For every way of connecting, control and judged number, in the order of the targets' effects.
std::vector<OverallEffect> overall_effects(std::span<const RegimeFinding> findings);

}  // namespace skein::experiments
