#pragma once

#include <cstddef>
#include <functional>

namespace skein {

/// Calls `body(i)` for every i in [0, count), on the threads allowed. Which thread runs which i is left open,
/// so a body writes only to what belongs to its i; then the result does not depend on the number of threads.
/// Calls may nest. The first exception thrown by a body is rethrown after the others have stopped.
void parallel_for(std::size_t count, const std::function<void(std::size_t)>& body);

/// How many threads `parallel_for` uses now.
int thread_count();

/// While it lives, at most `threads` threads run (0: as many as the machine has).
class ThreadLimit {
 public:
  explicit ThreadLimit(int threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  void* control_ = nullptr;
};

}  // namespace skein
