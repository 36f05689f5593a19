#include "experiments/parts/part_accuracy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace skein::experiments {

double region_error(const Picture& a, const Picture& b, const PartRegions& regions, std::size_t part) {
  double sum = 0;
  for (std::size_t p = 0; p < regions.pixels(); ++p) {
    if (regions.owner[p] != part) continue;
    for (int c = 0; c < 3; ++c) {
      const double off = static_cast<double>(a.channel(c)[p]) - static_cast<double>(b.channel(c)[p]);
      sum += off * off;
    }
  }
  return std::isfinite(sum) ? sum : std::numeric_limits<double>::infinity();
}

std::optional<double> part_accuracy(const Picture& drawn, const Picture& wanted, const Picture& lacking,
                                    const PartRegions& regions, std::size_t part) {
  constexpr double least = 1e-5;  // mean squared difference that is not seen
  const double chance = region_error(lacking, wanted, regions, part);
  const auto areas = regions.areas();
  if (!(chance > least * 3 * static_cast<double>(areas[part]))) return {};
  return std::clamp(1 - region_error(drawn, wanted, regions, part) / chance, 0.0, 1.0);
}

}  // namespace skein::experiments
