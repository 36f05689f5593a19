#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "sgd/train/train.hpp"

namespace skein::sgd {

inline constexpr std::uint32_t no_number = std::numeric_limits<std::uint32_t>::max();

/// One of several problems that are fitted at once and have numbers in common.
struct SharedProblem {
  Problem problem;
  std::vector<std::uint32_t> first;  ///< per slot: the common number that its weight is
  /// Per slot: a second one that is added to it; `no_number`: none. Empty: none anywhere.
  std::vector<std::uint32_t> second;

  /// The problem's own weights.
  Weights weights_of(const Weights& numbers) const;
};

struct SharedTraining {
  Weights numbers;             ///< those of the least sum of losses met
  std::vector<double> losses;  ///< of each problem with them
  std::int64_t steps = 0;
};

/// Fits the common numbers to all problems at once. Each problem's gradient is divided by its own norm (with
/// `normalize_gradient`), so that none owns what they share, and the gradients are added. Same settings, same bits on any
/// number of threads. Nothing when the listener asked to stop. Throws ConfigError where problems and numbers do not fit, for
/// no problem at all, and for what this training does not know (Muon, batches, rewinding, sparsity, penalties, frozen weights);
/// NumericError where a loss or gradient is not finite.
std::optional<SharedTraining> train_shared(const std::vector<SharedProblem>& problems, Weights start,
                                           const TrainSettings& settings,
                                           const ProgressListener& listener = {});

}  // namespace skein::sgd
