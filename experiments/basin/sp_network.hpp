#pragma once

#include <filesystem>
#include <optional>

#include "experiments/landscape/basin_target.hpp"
#include "lib/base/progress.hpp"
#include "sgd/train/train.hpp"

namespace skein::experiments {

/// What similarity-based pruning leaves of a dense network of the target's architecture: the dense network is trained for
/// the steps of `settings`, then cut to as many weights as the evolved network has (without one: as few as the pruning
/// recovers from), with as many steps of retraining in all. Kept in `folder` (network.mlp), where an interrupted one goes
/// on. Nothing when the listener asked to stop.
std::optional<sgd::Mlp> sp_network(const BasinTarget& target, const sgd::TrainSettings& settings,
                                   const std::filesystem::path& folder, const ProgressListener& listener);

}  // namespace skein::experiments
