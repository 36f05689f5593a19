#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "experiments/measures/measures.hpp"

namespace skein::experiments {

/// `metrics`: per measure value, low, high, unit, family, which side is factored, whether it counts for the
/// verdict; a value that there was nothing to measure for is null, with a `reason`. `compositional_score`,
/// `movable` and `sampled` weights.
nlohmann::ordered_json to_json(const Score& score);

/// The same as a table for people.
std::string to_text(const Score& score);

}  // namespace skein::experiments
