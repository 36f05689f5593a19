#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/measures/row_measure.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/target_shelf.hpp"
#include "experiments/parts/picture_parts.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

struct CompareRow;

/// The parts of a target whose genome carries labels; nothing where fewer than two parts are known.
std::optional<PictureParts> parts_of_target(const RowTarget& target);

/// Every measure of `skein score` of one network, then what its wiring says (against `evolved`, where that is
/// known), as a row keeps them. With `parts`, the picture's, those by parts too. The budget `quick` looks at fewer weights and smaller pictures; the numbers of
/// different budgets are not to be mixed. A recursion, which is not layers, has no measures of its wiring; of its absent ones the
/// reasons are kept. A stop asked for by the listener throws Error.
std::vector<RowMeasure> measures_of_row(const Net& net, const sgd::Mlp* evolved, const PictureParts* parts,
                                        const std::string& budget, std::uint64_t seed,
                                        const ProgressListener& listener);

/// Whether measures have been added to the table since the row was measured.
bool lacks_measures(const CompareRow& row);

}  // namespace skein::experiments
