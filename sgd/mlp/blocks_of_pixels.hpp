#pragma once

#include <Eigen/Core>
#include <algorithm>

#include "lib/base/parallel.hpp"

namespace skein::sgd {

/// Calls `body(first, count)` for blocks of pixels, in parallel; what is computed at a pixel does not depend
/// on the others.
template <class Body>
void by_pixels(Eigen::Index pixels, const Body& body) {
  constexpr Eigen::Index block = 256;
  parallel_for(static_cast<std::size_t>((pixels + block - 1) / block), [&](std::size_t b) {
    const Eigen::Index first = static_cast<Eigen::Index>(b) * block;
    body(first, std::min(block, pixels - first));
  });
}

}  // namespace skein::sgd
