#pragma once

#include <cstddef>

namespace skein {

/// As below, without knowing the body's type.
void parallel_for(std::size_t count, void (*call)(const void* body, std::size_t i), const void* body);

/// Calls `body(i)` for every i in [0, count), on the threads allowed. Which thread runs which i is left open,
/// so a body writes only to what belongs to its i; then the result does not depend on the number of threads.
/// Calls may nest. A body that throws keeps those of higher index from beginning; once the others have ended,
/// the failure of the least index is rethrown. A loop never returns normally without having run every body.
template <class Body>
void parallel_for(std::size_t count, const Body& body) {
  parallel_for(
      count, [](const void* b, std::size_t i) { (*static_cast<const Body*>(b))(i); }, &body);
}

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
