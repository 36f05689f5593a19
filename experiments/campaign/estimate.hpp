#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "experiments/campaign/row_work.hpp"
#include "experiments/rows/make_row.hpp"

namespace skein::experiments {

/// What rows are expected to cost.
struct CostEstimate {
  std::vector<double> row_seconds, parent_seconds;  ///< of one thread, for each of the plan's
  double seconds = 0;                               ///< of what is not finished
  double bytes = 0;                                 ///< that all rows will leave on disk
  std::size_t shapes = 0, measured = 0;             ///< kinds of row that cost the same, and those timed here
};

/// What was timed of a row or a parent.
struct TimedRow {
  double step = 0;   ///< seconds of one step of its training
  double rest = 0;   ///< seconds of all else: pruning, measuring, writing
  double bytes = 0;  ///< on disk
};

/// Times rows; what `CostProbe` does with a clock, and tests without one.
struct RowTimer {
  std::function<TimedRow(const PlannedRow& planned, bool is_parent)> time;
  /// Seconds that may still be spent on timing.
  std::function<double()> left;
};

/// Estimates the cost of the plan's rows that are not `finished`: of each kind of row the smallest is timed, then, while
/// time is left, whatever weighs most; the others by what was learnt from those (`CostModel`, `TrainingWork`).
/// `known_seconds` are those that finished rows of this run took, by `cost_shape`: they are believed before what was
/// timed, and what they were off by is taken off the rest.
CostEstimate estimate_cost(const RowContext& context, const RowPlan& plan,
                           const std::vector<std::uint8_t>& finished,
                           const std::map<std::string, double>& known_seconds, const RowTimer& timer);

/// Rows of one run that cost the same: all but the seed. Parents have shapes of their own.
std::string cost_shape(const RowKey& key, bool is_parent);

}  // namespace skein::experiments
