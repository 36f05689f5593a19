#include "lib/base/parallel.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <string>

#include "lib/base/error.hpp"

namespace skein {

void parallel_for(std::size_t count, void (*call)(const void* body, std::size_t i), const void* body) {
  if (count == 1) return call(body, 0);
  // A thread that waits for its own loop takes work of that loop only, never another item of an outer one.
  tbb::this_task_arena::isolate([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, count, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
          for (std::size_t i = range.begin(); i != range.end(); ++i) call(body, i);
        },
        tbb::simple_partitioner());
  });
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
