#pragma once

#include <string>
#include <vector>

#include "experiments/compare/compare_rows.hpp"
#include "lib/base/progress.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// Every measure of `skein score` of one network, as a row keeps them. The budget `quick` looks at fewer
/// weights and smaller pictures; the numbers of different budgets are not to be mixed. A stop asked for by
/// the listener throws Error.
std::vector<RowMeasure> measures_of(const sgd::Mlp& mlp, const std::string& budget,
                                    const ProgressListener& listener);

}  // namespace skein::experiments
