#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "experiments/compare/make_row.hpp"
#include "experiments/compare/results.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// The right to make something of a run. It ends with this object.
class Claim {
 public:
  virtual ~Claim() = default;
  /// Whether it is still ours. Asked before every write, and now and then in between.
  virtual bool held() = 0;
};

/// What the environment did to a row: it was tried and could not be made for a reason that is not its own.
struct RowTrouble {
  RowKey key;
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
  /// Told of every row that was made here, with the seconds that it took; calls do not overlap.
  std::function<void(const CompareRow& row, double seconds)> made;
  /// Likewise of parents.
  std::function<void(const RowKey& key, double seconds)> parent_made;
  /// Told of a row that could not be made for a reason outside it. Returns whether the row is now settled (recorded
  /// as failed).
  std::function<bool(const RowTrouble& trouble)> troubled;
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
