#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "experiments/compare/compare_plan.hpp"
#include "experiments/measures/part_regions.hpp"
#include "experiments/runs/record_file.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// What all rows of a run share.
struct RowContext {
  CompareSettings settings;
  std::filesystem::path run;
  const TargetShelf* targets = nullptr;
  bool by_target = false;
  std::map<std::string, std::uint64_t> contents;  ///< of each target: `content_of`
  std::map<std::string, PartRegions> parts;       ///< of each target whose parts are known

  const RowTarget& target_of(const PlannedRow& row) const;
  /// The parts of the row's target; null where they are not known.
  const PartRegions* parts_of_row(const RowKey& key) const;
  /// Of the key and everything else that decides what the row is.
  std::string hash_of_row(const RowKey& key) const;
  std::filesystem::path record_of_row(const RowKey& key) const;
  std::filesystem::path record_of_parent(const RowKey& key) const;
};

/// A number for what decides the content of all rows of a target beside their keys: budget, options, the picture.
std::uint64_t content_of(const CompareSettings& settings, const RowTarget& target);

/// The context of a run with these targets, each loaded.
RowContext context_of(CompareSettings settings, std::filesystem::path run, const TargetShelf& targets,
                      bool by_target);

/// Times the learning rate, after a divergence.
inline constexpr double second_rate = 0.1;

/// All that is known of a row before it is made.
CompareRow blank_row(const RowContext& context, const RowPlan& plan, const PlannedRow& planned);

/// The row as its record has it when it is finished; nothing when it is not, or the record is another's.
std::optional<CompareRow> finished_row(const RowContext& context, const RowKey& key);

/// Makes one network, measures it, and leaves it with its picture, loss curve and record (`row.json`) in its folder;
/// goes on from what an earlier start left there and the record knows of. What a row needs of others is read from
/// their folders. A training whose loss leaves the finite numbers, or whose network draws a constant though the
/// target is none, is tried once more at a tenth of the learning rate, and marked. Nothing when the listener asked
/// to stop: then nothing is recorded of what was cut short. A row that cannot be (ConfigError, NumericError) is
/// recorded as failed; every other exception passes through, and nothing is recorded.
std::optional<CompareRow> make_row(const RowContext& context, const RowPlan& plan, const PlannedRow& planned,
                                   const std::function<bool()>& may_write, const ProgressListener& listener);

/// Records a row as failed without trying.
CompareRow record_failed(const RowContext& context, const RowPlan& plan, const PlannedRow& planned,
                         const std::string& cause);

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
