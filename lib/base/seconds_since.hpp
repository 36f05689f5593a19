#pragma once

#include <chrono>

namespace skein {

/// Seconds that have passed since then, by the clock that never jumps.
inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace skein
