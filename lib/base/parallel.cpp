#include "lib/base/parallel.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <string>

#include "lib/base/error.hpp"

namespace skein {

namespace {

/// What the threads of one loop know together: how many bodies returned, and the failure of the least index.
/// A failure stays here until the loop has ended; TBB never sees it, so it never cancels anything.
class LoopOutcome {
 public:
  void run(void (*call)(const void* body, std::size_t i), const void* body, std::size_t i) {
    if (i > failed_.load(std::memory_order_relaxed)) return;  // an earlier one decides what is thrown
    try {
      call(body, i);
      returned_.fetch_add(1, std::memory_order_relaxed);
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      if (i > failed_) return;
      failed_ = i;
      failure_ = std::current_exception();
    }
  }

  void require_all(std::size_t count) const {
    if (failure_) std::rethrow_exception(failure_);
    if (returned_ != count)
      throw Error("a parallel loop was cut short: " + std::to_string(returned_) + " of " +
                  std::to_string(count) + " parts ran");
  }

 private:
  std::atomic<std::size_t> returned_ = 0;
  std::atomic<std::size_t> failed_ = std::numeric_limits<std::size_t>::max();
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace

void parallel_for(std::size_t count, void (*call)(const void* body, std::size_t i), const void* body) {
  if (count == 1) return call(body, 0);
  LoopOutcome outcome;
  // The loop has a context of its own: were it bound to the enclosing loop's, a cancelled outer loop would make
  // this one return as if it were done, with none of its bodies run.
  tbb::task_group_context context(tbb::task_group_context::isolated);
  // A thread that waits for its own loop takes work of that loop only, never another item of an outer one.
  tbb::this_task_arena::isolate([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, count, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
          for (std::size_t i = range.begin(); i != range.end(); ++i) outcome.run(call, body, i);
        },
        tbb::simple_partitioner(), context);
  });
  outcome.require_all(count);
}

int thread_count() {
  return static_cast<int>(tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism));
}

ThreadLimit::ThreadLimit(int threads) {
  constexpr int most = 1024;
  if (threads < 0 || threads > most)
    throw ConfigError("threads " + std::to_string(threads) + ": must be between 0 (all) and " +
                      std::to_string(most));
  if (threads > 0)
    control_ = new tbb::global_control(tbb::global_control::max_allowed_parallelism,
                                       static_cast<std::size_t>(threads));
}

ThreadLimit::~ThreadLimit() { delete static_cast<tbb::global_control*>(control_); }

}  // namespace skein
