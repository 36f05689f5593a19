#pragma once

#include <functional>
#include <optional>
#include <string>

#include "experiments/records/record_file.hpp"
#include "experiments/rows/row_context.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// Times the learning rate, after a divergence.
inline constexpr double second_rate = 0.1;

/// Makes one network, measures it, and leaves it with its picture, loss curve and record (`row.json`) in its folder;
/// goes on from what an earlier start left there and the record knows of. What a row needs of others is read from
/// their folders. A training whose loss leaves the finite numbers, or whose network draws a constant though the
/// target is none, is tried once more at a tenth of the learning rate, and marked. Nothing when the listener asked
/// to stop: then nothing is recorded of what was cut short. A row that cannot be (ConfigError, NumericError) is
/// recorded as failed; every other exception passes through, and nothing is recorded.
std::optional<CompareRow> make_row(const RowContext& context, const RowPlan& plan, const PlannedRow& planned,
                                   const std::function<bool()>& may_write, const ProgressListener& listener);

/// Makes the dense parent of cut rows in its folder, unless it is there. False when the listener asked to stop.
bool make_parent(const RowContext& context, const PlannedRow& planned, const std::function<bool()>& may_write,
                 const ProgressListener& listener);

/// Records a parent as failed without trying; the rows that are cut from it fail then.
void record_failed_parent(const RowContext& context, const PlannedRow& planned, const std::string& cause);

/// Whether the parent is made, or known to fail.
bool has_parent(const RowContext& context, const RowKey& key);
/// Throws ConfigError when it is not there, NumericError when it failed.
Parent read_parent(const RowContext& context, const RowKey& key);
/// The state of the parent's training, for the dense row itself to go on from, when both are one training
/// (constant rate, same settings); it then gives the same bits as from the start.
std::optional<sgd::TrainState> state_of_parent(const RowContext& context, const RowKey& key,
                                               const sgd::TrainSettings& settings);

}  // namespace skein::experiments
