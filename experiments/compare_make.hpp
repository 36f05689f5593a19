#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "experiments/compare_plan.hpp"
#include "experiments/net.hpp"
#include "lib/progress.hpp"

namespace skein::experiments {

/// What all rows of a comparison share.
struct CompareTask {
  CompareSettings settings;
  std::filesystem::path run;
  Picture target;
  std::optional<sgd::Mlp> evolved;  ///< the target's genome, layerised
};

/// The settings by which a row is trained.
sgd::TrainSettings train_settings(const CompareTask& task, const PlannedRow& planned);

/// Steps that making this row takes at most, for estimates.
std::int64_t steps_of(const CompareTask& task, const PlannedRow& planned);

/// Makes one network and leaves it with its picture, loss curve and numbers in its folder, all but the
/// measures; goes on from what an earlier start left there. A training whose loss leaves the finite numbers
/// is tried once more at a tenth of the learning rate, and marked. Nothing when the listener asked to stop.
std::optional<CompareRow> make_row(const CompareTask& task, const PlannedRow& planned,
                                   const ProgressListener& listener);

}  // namespace skein::experiments
