#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "experiments/landscape/minibatch_walks.hpp"

namespace skein::experiments {

/// One line a walk.
std::string minibatch_csv(const std::string& target, std::span<const MinibatchWalk> walks);
/// A list with an object for each walk; numbers that are not finite are null.
nlohmann::ordered_json minibatch_json(std::span<const MinibatchWalk> walks);
/// For people: one line a network, rate and number of pixels, medians over its walks. Empty without walks.
std::string minibatch_text(std::span<const MinibatchWalk> walks);

}  // namespace skein::experiments
