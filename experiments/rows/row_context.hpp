#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "experiments/parts/picture_parts.hpp"
#include "experiments/rows/compare_plan.hpp"

namespace skein::experiments {

/// What all rows of a run share.
struct RowContext {
  CompareSettings settings;
  std::filesystem::path run;
  const TargetShelf* targets = nullptr;
  bool by_target = false;
  std::map<std::string, std::uint64_t> contents;  ///< of each target: `content_of`
  std::map<std::string, PictureParts> parts;      ///< of each target whose parts are known

  const RowTarget& target_of(const PlannedRow& row) const;
  /// The parts of the row's target; null where they are not known.
  const PictureParts* parts_of_row(const RowKey& key) const;
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

/// All that is known of a row before it is made.
CompareRow blank_row(const RowContext& context, const RowPlan& plan, const PlannedRow& planned);

/// The row as its record has it when it is finished; nothing when it is not, or the record is another's.
std::optional<CompareRow> finished_row(const RowContext& context, const RowKey& key);

/// Records a row as failed without trying.
CompareRow record_failed(const RowContext& context, const RowPlan& plan, const PlannedRow& planned,
                         const std::string& cause);

}  // namespace skein::experiments
