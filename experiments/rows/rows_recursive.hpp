#pragma once

#include "experiments/jobs/recursion_arm.hpp"
#include "experiments/jobs/recursion_training.hpp"
#include "experiments/rows/row_options.hpp"

namespace skein::experiments {

/// The recursion of a row: of the option `recursion`, at its rounds, as the arm makes it. Throws ConfigError.
sgd::Recursion recursion_of_row(RecursionArm arm, const RowOptions& options);

/// The training of a row of that arm: what `skein train --arch` does with the same settings and seed, bit for bit.
RecursionJob recursion_job(RecursionArm arm, const RowOptions& options, const sgd::TrainSettings& settings,
                           const Picture& target);

}  // namespace skein::experiments
