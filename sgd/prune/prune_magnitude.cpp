#include "sgd/prune/prune_magnitude.hpp"

#include <cmath>

namespace skein::sgd {

KeepMask keep_largest(std::span<const float> weights, std::int64_t count) {
  std::vector<double> sizes;
  sizes.reserve(weights.size());
  for (const float w : weights) sizes.push_back(std::abs(w));
  return keep_highest(sizes, count);
}

}  // namespace skein::sgd
