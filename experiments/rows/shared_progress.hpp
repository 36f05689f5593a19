#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

#include "lib/base/progress.hpp"

namespace skein::experiments {

/// The work of all rows, and of the parents of some, as one progress told by many threads.
class SharedProgress {
 public:
  /// `steps` of each piece of work; the first `rows` are rows.
  SharedProgress(std::vector<std::int64_t> steps, std::size_t rows, const ProgressListener& listener)
      : steps_(std::move(steps)), done_(steps_.size()), rows_(rows), listener_(listener) {
    for (const std::int64_t some : steps_) total_ += some;
  }
  /// The listener of one work. It may come in several parts, each counted from 0.
  ProgressListener of(std::size_t work) {
    return [this, work, before = std::int64_t{0}, last = std::int64_t{0}](const Progress& progress) mutable {
      // Measuring counts its own steps.
      if (progress.stage == "train") {
        if (progress.done < last) before += last;
        last = progress.done;
        set(work, std::min(before + last, steps_[work]));
      }
      return tell();
    };
  }
  void finish(std::size_t work) {
    set(work, steps_[work]);
    if (work < rows_) ++finished_;
  }
  bool stopped() const { return stopped_; }
  /// Shows where things stand; false when the user asked to stop.
  bool tell() {
    const bool go_on =
        listener_({"training steps of all rows",
                   sum_,
                   total_,
                   {{"rows", static_cast<double>(finished_)}, {"of", static_cast<double>(rows_)}}});
    if (!go_on) stopped_ = true;
    return go_on;
  }

 private:
  void set(std::size_t work, std::int64_t steps) { sum_ += steps - done_[work].exchange(steps); }

  std::vector<std::int64_t> steps_;
  std::vector<std::atomic<std::int64_t>> done_;
  std::atomic<std::int64_t> sum_ = 0;
  std::atomic<std::int64_t> finished_ = 0;
  std::atomic<bool> stopped_ = false;
  std::int64_t total_ = 0;
  std::size_t rows_;
  const ProgressListener& listener_;
};

}  // namespace skein::experiments
