#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>

namespace skein::sgd {

/// Mean of the last `count` losses (of all, when there are fewer); infinite without any.
inline double mean_of_last(std::span<const float> losses, std::size_t count) {
  const std::size_t taken = std::min(count, losses.size());
  if (taken == 0) return std::numeric_limits<double>::infinity();
  const auto last = losses.last(taken);
  return std::accumulate(last.begin(), last.end(), 0.0) / static_cast<double>(taken);
}

}  // namespace skein::sgd
