#pragma once

#include "experiments/targets/painting.hpp"

namespace skein::experiments {

/// Pictures that repeat one operation a known number of times.

/// One fold of the plane: (x, y) becomes |s R (x, y)| - c, with R a turn by `angle` radians.
struct Fold {
  double scale = 1.5;
  double angle = 0.6;
  Spot shift{0.55, 0.4};
};
inline constexpr int most_folds = 12;

/// The spot after `times` folds.
Spot folded(Spot spot, int times, const Fold& fold = {});

/// @fold-K: light where x + y of the spot folded `times` times is above 0, dark elsewhere.
Paint folds(Spot spot, int times);

/// Regular hexagons in three colours, no two alike side by side.
Paint tiling(Spot spot);

/// A tree that forks eight times, each pair of branches a fixed share of the one that bears it.
Paint branching_tree(Spot spot);

}  // namespace skein::experiments
