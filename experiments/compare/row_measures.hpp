#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/measures/row_measure.hpp"
#include "lib/base/progress.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

struct CompareRow;

/// Every measure of `skein score` of one network, then what its wiring says (against `evolved`, where that is
/// known), as a row keeps them. The budget `quick` looks at fewer weights and smaller pictures; the numbers of
/// different budgets are not to be mixed. A stop asked for by the listener throws Error.
std::vector<RowMeasure> measures_of_row(const sgd::Mlp& mlp, const sgd::Mlp* evolved,
                                        const std::string& budget, std::uint64_t seed,
                                        const ProgressListener& listener);

/// Whether measures have been added to the table since the row was measured.
bool lacks_measures(const CompareRow& row);

}  // namespace skein::experiments
