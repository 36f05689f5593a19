#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/measures/row_measure.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// What a comparison says of a network's wiring (definitions in bridge/WIRINGS.md): units_alive, depth_used
/// and, where the target's genome is known, edge_f1, edge_precision and edge_recall against it with
/// edge_f1_chance, the mean of F1 over 100 rewirings of the same degrees. Same network and seed, same
/// numbers.
std::vector<RowMeasure> wiring_measures(const sgd::Mlp& mlp, const sgd::Mlp* evolved, std::uint64_t seed);

/// The same measures of a network whose wiring cannot be looked at so, each without a value and with this reason.
std::vector<RowMeasure> absent_wiring_measures(const sgd::Mlp* evolved, const std::string& reason);

}  // namespace skein::experiments
