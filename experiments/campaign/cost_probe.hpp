#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "experiments/campaign/estimate.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// Times rows by making them: each with a few steps of training, in a folder of its own that goes with this object, and
/// on top of that some steps at the size of the real one.
class CostProbe {
 public:
  /// `budget` in seconds. Throws FormatError when there is no place for the folder.
  CostProbe(const RowContext& context, const RowPlan& plan, double budget, const ProgressListener& listener);
  ~CostProbe();
  CostProbe(const CostProbe&) = delete;
  CostProbe& operator=(const CostProbe&) = delete;

  /// Throws Interrupted when the listener asks to stop. All 0 for a row that cannot be made.
  TimedRow time(const PlannedRow& planned, bool is_parent);
  double left() const;
  RowTimer timer();

 private:
  struct Made {
    double seconds = 0, bytes = 0;
    bool is_whole = false;  ///< measured too, as rows are that did not diverge
  };
  double step_seconds(const PlannedRow& planned, const TrainingWork& work);
  RowKey small_key(RowKey key) const;
  PlannedRow small_parent(const PlannedRow& parent);
  PlannedRow small_row(const PlannedRow& planned);
  Made make(const PlannedRow& small, bool is_parent);

  const RowContext& context_;
  const RowPlan& plan_;
  RowContext small_;    ///< the same run with few steps, in the folder
  RowPlan small_plan_;  ///< its rows and parents so far
  double budget_;
  const ProgressListener& listener_;
  std::optional<std::chrono::steady_clock::time_point>
      start_;                         ///< of the first timing: planning has its own time
  std::map<std::string, Made> made_;  ///< by their record's path
};

}  // namespace skein::experiments
