#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/compare/results.hpp"
#include "experiments/records/claims.hpp"
#include "experiments/rows/make_row.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// What the environment did to a row: it was tried and could not be made for a reason that is not its own.
struct RowTrouble {
  RowKey key;
  std::string hash;
  std::string cause;
};

/// How rows are made: what differs between one process at work and many.
struct RunRowsOptions {
  /// Gives the right to make a row or a parent, by its hash; nothing when another process has it. Empty: always
  /// given.
  std::function<std::unique_ptr<Claim>(const std::string& hash)> claim;
  /// The rows of the plan that are this process's to make, one flag each; empty: all. What they need of others is
  /// made too, by whoever comes first.
  std::vector<std::uint8_t> mine;
  /// Parents to be made though no row that is ours needs them, one flag each; empty: none.
  std::vector<std::uint8_t> parents;
  /// Told of every row that was made here, with the seconds that it took; calls do not overlap.
  std::function<void(const CompareRow& row, double seconds)> made;
  /// Likewise of parents.
  std::function<void(const RowKey& key, double seconds)> parent_made;
  /// Told of a row that could not be made for a reason outside it, while its claim is held.
  std::function<void(const RowTrouble& trouble)> troubled;
  /// Asked before a row is made, and after a trouble: why it is not to be tried (again); it is then recorded as failed.
  std::function<std::optional<std::string>(const std::string& hash)> given_up;
  int most_troubles =
      3;  ///< rows that could not be made one after the other, until it looks as if nothing can be
  /// Called now and then when rows have been made, to bring results up to date; calls do not overlap.
  std::function<void()> refresh;
  /// Waits for rows that other processes are making; false to give up. Empty: returns false.
  std::function<bool()> wait;
};

struct RunRowsOutcome {
  std::size_t finished = 0;  ///< of the plan's rows, those that are finished
  std::size_t made = 0;      ///< of these, by this call
  std::vector<RowTrouble> troubles;
};

/// Makes and measures all rows of the plan that are not finished yet, as many at once as the cores take, each when what
/// it needs is there. A row that cannot be made is recorded as failed; one whose making was cut short (a stop, a
/// full disk, no memory) is recorded nowhere, and the others go on. After several such troubles in a row, and none
/// made in between, it stops. Results do not depend on the order. Throws Interrupted when the listener asked to stop.
RunRowsOutcome run_rows(const RowContext& context, const RowPlan& plan, const RunRowsOptions& options,
                        const ProgressListener& listener);

/// The finished rows of a plan, read from their records one after the other, in the plan's order.
RowSource finished_rows(const RowContext& context, const RowPlan& plan);

/// The same, and after them what earlier starts made beside the plan.
RowSource all_rows(const RowContext& context, const RowPlan& plan);

}  // namespace skein::experiments
