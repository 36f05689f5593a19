#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "lib/engine/engine.hpp"

namespace skein::experiments {

/// A way to move weights: `step` of it adds step * coefficient to each slot named. One slot with coefficient
/// 1 is a single weight; several are a direction in weight space.
using Direction = std::vector<std::pair<Slot, float>>;

Perturbation moved(std::span<const float> weights, const Direction& direction, float step);

/// Mean over pixels and channels of |a - b|; the visible change between two pictures. Sizes must agree.
double visible_change(const Picture& a, const Picture& b);

struct MatchSettings {
  double change = 0.06;     ///< the visible change wanted, in (0, 1)
  double tolerance = 0.02;  ///< relative
  double limit = 8;         ///< the largest |step| tried; evolved weights lie in [-3, 3]
  int size = 64;            ///< side of the grid on which the change is measured, pixels
  int rounds = 24;          ///< draws per direction at most
  void validate() const;    ///< throws ConfigError
};

/// The step at which a direction has changed the picture as wanted.
struct Match {
  float step = 0;
  double change = 0;     ///< what was reached; where the picture jumps, the first change above the wanted
  bool reached = false;  ///< false: even the limit changes the picture less
};

/// The smallest steps found, upward and downward, that change the picture by the wanted amount: result
/// [2 i] is direction i with steps above 0, [2 i + 1] with steps below. A direction that does not reach it
/// within the limit is reported as such. A picture that is not finite counts as changed entirely.
std::vector<Match> match_visible_change(const Plan& plan, std::span<const float> weights,
                                        std::span<const Direction> directions, const MatchSettings& settings);

}  // namespace skein::experiments
