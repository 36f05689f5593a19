#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "experiments/measures/evidence.hpp"

namespace skein::experiments {

/// Numbers in `steps.effects` of those that reached the visible change.
std::vector<std::size_t> reached_steps(const Steps& steps);

/// Draws again what these steps (numbers in `steps.effects`) give, as large as the evidence's picture. `look(k, picture)` is
/// called once for every which[k], from any thread, in any order.
void draw_steps(const Evidence& evidence, const Steps& steps, std::span<const std::size_t> which,
                const std::function<void(std::size_t, Picture&&)>& look);

/// Takes every opinion away, of weights and of directions.
void clear_opinions(Evidence& evidence);

}  // namespace skein::experiments
