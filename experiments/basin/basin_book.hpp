#pragma once

#include "experiments/basin/census.hpp"
#include "experiments/landscape/radius.hpp"
#include "experiments/runs/run_folder.hpp"

namespace skein::experiments {

/// What a run's folder knows of finished fits: a line of metrics.jsonl each, written as soon as it ends, so that a process
/// killed at any point loses no more than the fits under way. Torn and foreign lines are passed over. The run must outlive
/// the book.
class BasinBook {
 public:
  explicit BasinBook(const RunFolder& run);
  BasinBook(const BasinBook&) = delete;
  BasinBook& operator=(const BasinBook&) = delete;

  StartBook& starts() { return starts_; }
  CopyBook& copies() { return copies_; }
  /// Processor time of all fits, of earlier processes too.
  double core_hours() const { return seconds_ / 3600; }

 private:
  StartBook starts_;
  CopyBook copies_;
  double seconds_ = 0;
};

}  // namespace skein::experiments
