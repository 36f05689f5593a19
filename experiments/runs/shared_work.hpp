#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>

#include "lib/base/parallel.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// Independent fits, one a thread, told of together and stopped together.
class SharedWork {
 public:
  /// `total` pieces of work called `stage`, of which `done` are finished already.
  SharedWork(std::string stage, std::int64_t total, std::int64_t done, const ProgressListener& listener)
      : stage_(std::move(stage)), total_(total), done_(done), listener_(listener) {}

  /// Tells the listener how far the work is; false once it has asked to stop.
  bool go_on() {
    if (!stopped_ && listener_ && !listener_({stage_, done_, total_, {}})) stopped_ = true;
    return !stopped_;
  }
  bool stopped() const { return stopped_; }

  /// `make(i)` for every i, a result or nothing (stopped); `keep(i, result)` one call at a time. False when stopped.
  template <class Make, class Keep>
  bool each(std::size_t count, const Make& make, const Keep& keep) {
    parallel_for(count, [&](std::size_t i) {
      if (stopped_) return;
      auto result = make(i);
      if (!result) return;
      const std::scoped_lock lock(mutex_);
      keep(i, std::move(*result));
      ++done_;
    });
    return !stopped_;
  }

 private:
  std::string stage_;
  std::int64_t total_;
  std::atomic<std::int64_t> done_;
  std::atomic<bool> stopped_ = false;
  const ProgressListener& listener_;
  std::mutex mutex_;
};

}  // namespace skein::experiments
