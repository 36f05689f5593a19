#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "experiments/compare/compare_plan.hpp"
#include "experiments/runs/net.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// What all rows of a comparison share.
struct CompareTask {
  CompareSettings settings;
  std::filesystem::path run;
  Picture target;
  std::optional<sgd::Mlp> evolved;  ///< the target's genome, layerised
};

/// Times the learning rate, after a divergence.
inline constexpr double second_rate = 0.1;

/// Throws NumericError when a trained network draws a constant and the target is none: a network that went
/// dead says nothing about ways to draw the target, and is treated as one that diverged.
void require_drawing(const CompareTask& task, const Picture& drawn, std::int64_t steps);

/// The folder of a row.
std::filesystem::path row_folder(const CompareTask& task, const std::string& id);

/// The steps that making this row takes itself, without those of a parent, for estimates.
std::int64_t steps_of(const CompareTask& task, const PlannedRow& planned);

/// All that is known of a row before it is made.
CompareRow blank_row(const CompareTask& task, const PlannedRow& planned);

/// Makes one network and leaves it with its picture, loss curve and numbers in its folder, all but the
/// measures; goes on from what an earlier start left there. A row that is cut needs its parent
/// (`make_parent`), a control the row that it is like. A training whose loss leaves the finite numbers, or
/// whose network draws a constant, is tried once more at a tenth of the learning rate, and marked. Nothing
/// when the listener asked to stop. Throws ConfigError for a row that cannot be.
std::optional<CompareRow> make_row(const CompareTask& task, const PlannedRow& planned,
                                   const ProgressListener& listener);

}  // namespace skein::experiments
