#include "experiments/statistics/proportion.hpp"

#include <algorithm>
#include <cmath>

namespace skein::experiments {

Share wilson_share(std::uint64_t hits, std::uint64_t tries, double z) {
  if (tries == 0) return {0, 0, 1};
  const double n = static_cast<double>(tries), p = static_cast<double>(hits) / n;
  const double centre = p + z * z / (2 * n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  // The ends are exact at no hit and at hits alone, where rounding would leave 1e-17 or so.
  return {p, hits == 0 ? 0 : std::max(0.0, (centre - half) / scale),
          hits == tries ? 1 : std::min(1.0, (centre + half) / scale)};
}

}  // namespace skein::experiments
