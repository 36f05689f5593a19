#pragma once

#include <cstdint>
#include <string>

#include "experiments/rows/row_context.hpp"
#include "sgd/prune/methods.hpp"

namespace skein::experiments {

/// How much training a row or a parent takes, counted, not timed.
struct TrainingWork {
  /// Taken for it alone: without its parent's, and without those that it goes on from.
  std::int64_t steps = 0;
  double edges = 0;                ///< weights of the network that is trained, the mean over these steps
  double samples = 0;              ///< pixels of one step
  std::int64_t dense_weights = 0;  ///< of the dense network that it is or is cut from; 0: none
  std::int64_t weights = 0;        ///< of the finished network

  double of_a_step() const { return edges * samples; }  ///< edges x pixels
};

/// The way of pruning behind a row; nothing for rows that are not cut.
const sgd::PruneMethod* pruning_of(const RowKey& key);

/// The row's, as the plan has it: pruning in rounds trains ever fewer weights, and a dense row whose first half is a
/// parent of the plan goes on from there (`plan` says so).
TrainingWork training_work(const RowContext& context, const PlannedRow& planned, bool has_own_parent);

/// A parent's.
TrainingWork parent_work(const RowContext& context, const PlannedRow& parent);

}  // namespace skein::experiments
