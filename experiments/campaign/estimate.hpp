#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "experiments/compare/make_row.hpp"

namespace skein::experiments {

/// What rows are expected to cost.
struct CostEstimate {
  std::vector<double> row_seconds, parent_seconds;  ///< of one thread, for each of the plan's
  double seconds = 0;                               ///< of what is not finished
  double bytes = 0;                                 ///< that all rows will leave on disk
  std::size_t shapes = 0, measured = 0;             ///< kinds of row that cost the same, and those timed here
};

/// Estimates the cost of the plan's rows that are not `finished` from rates measured here and now, on one thread: for
/// each shape (target, size, network, optimiser) some steps of its training and one look at it by all measures. Takes at
/// most about `budget` seconds; shapes beyond that are estimated from the measured one of the nearest size.
/// `known_seconds` are those that finished rows of this run took, by `cost_shape`: they are believed before
/// measurements.
CostEstimate estimate_cost(const RowContext& context, const RowPlan& plan,
                           const std::vector<std::uint8_t>& finished,
                           const std::map<std::string, double>& known_seconds, double budget = 8);

/// Rows that cost the same: all but the seed and, of the target, all but its size and network.
std::string cost_shape(const RowContext& context, const PlannedRow& planned);

}  // namespace skein::experiments
