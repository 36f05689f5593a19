#pragma once

#include <nlohmann/json.hpp>

#include "experiments/nets/net.hpp"

namespace skein::experiments {

/// What `info` says of a network: kind, nodes, links, depth, arch, width, parameters, nonzero, copies, activations,
/// warnings, ...
nlohmann::ordered_json describe(const Net& net);

/// The largest difference of any raw output of two networks over a 64 x 64 grid (4,096 random inputs for networks that
/// do not draw), both computed in double precision from their float weights. Throws ConfigError when their inputs or
/// outputs differ.
double max_abs_difference(const Net& a, const Net& b);

}  // namespace skein::experiments
