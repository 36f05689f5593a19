#pragma once

#include <vector>

#include "experiments/drawing/drawing.hpp"
#include "experiments/recursion/recursion_study.hpp"

namespace skein::experiments {

/// R2 against rounds drawn, one plot a target, one curve an arm: median and range over the seeds.
Drawing recursion_plots(const RecursionStudy& study, const std::vector<RecursionRow>& rows);

/// For every target the picture at each number of rounds, then what each arm of the first seed draws there. Reads the
/// run's networks.
Drawing recursion_sheet(const RecursionStudy& study, const RunFolder& run);

}  // namespace skein::experiments
