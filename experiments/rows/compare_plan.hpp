#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/rows/compare_settings.hpp"

namespace skein::experiments {

inline constexpr std::int32_t no_row = -1;

/// One network to be made.
struct PlannedRow {
  RowKey key;
  std::uint32_t target = 0;      ///< which of the run's
  std::int32_t parent = no_row;  ///< which of the plan's parents it is cut from
  std::int32_t like = no_row;    ///< the row whose counts or degrees a control matches
};

/// The rows of a run in the order of tables, and the dense parents of those that are cut.
struct RowPlan {
  std::vector<PlannedRow> rows;
  std::vector<PlannedRow> parents;  ///< by the key of the dense row that they are the first half of
  bool by_target = false;           ///< whether the run has several targets, each with a folder for its rows

  std::string folder_of(const PlannedRow& row) const { return row_folder(row.key, by_target); }
};

/// What planning needs to know of a target.
struct PlannedTarget {
  std::string name;
  bool has_genome = false;
  std::string architecture;  ///< of dense networks for it
};

/// The rows that the settings ask for, and the rows that their controls need. Rows that need a genome are left
/// out without one. Throws ConfigError as `validate`, and when nothing is left.
RowPlan plan_rows(const CompareSettings& settings, const std::vector<PlannedTarget>& targets,
                  bool by_target = false);

}  // namespace skein::experiments
