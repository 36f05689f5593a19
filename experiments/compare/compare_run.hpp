#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "experiments/compare/compare_make.hpp"
#include "experiments/runs/run_folder.hpp"

namespace skein::experiments {

/// Makes and measures all rows that are not finished yet, as many at once as the cores take; a
/// row that cannot be made is marked and the others go on. results.json and results.csv are kept
/// up to date after every row; rows that an earlier start finished are taken as they are. Throws Interrupted
/// when the listener asked to stop, FormatError when the folder cannot be written.
CompareResults run_comparison(const CompareTask& task, const std::vector<PlannedRow>& plan,
                              CompareResults results, const RunFolder& run, const ProgressListener& listener);

}  // namespace skein::experiments
