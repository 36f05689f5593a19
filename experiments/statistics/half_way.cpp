#include "experiments/statistics/half_way.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

/// Shares per group that do not rise, nearest to the observed ones.
std::vector<double> falling_shares(std::span<const DoseGroup> groups) {
  struct Pool {
    double hits = 0, tries = 0;
    std::size_t groups = 0;
    double share() const { return hits / tries; }
  };
  std::vector<Pool> pools;
  for (const DoseGroup& group : groups) {
    pools.push_back({static_cast<double>(group.hits), static_cast<double>(group.tries), 1});
    while (pools.size() > 1 && pools.back().share() > pools[pools.size() - 2].share()) {
      const Pool last = pools.back();
      pools.pop_back();
      pools.back().hits += last.hits;
      pools.back().tries += last.tries;
      pools.back().groups += last.groups;
    }
  }
  std::vector<double> shares;
  for (const Pool& pool : pools) shares.insert(shares.end(), pool.groups, pool.share());
  return shares;
}

double crossing(std::span<const DoseGroup> groups) {
  const auto shares = falling_shares(groups);
  const auto below = std::ranges::find_if(shares, [](double share) { return share < 0.5; });
  if (below == shares.begin()) return 0;
  if (below == shares.end()) return std::numeric_limits<double>::infinity();
  const auto next = static_cast<std::size_t>(below - shares.begin());
  const double way = (shares[next - 1] - 0.5) / (shares[next - 1] - shares[next]);
  const double from = std::log(groups[next - 1].dose), to = std::log(groups[next].dose);
  return std::exp(from + way * (to - from));
}

}  // namespace

HalfWay half_way(std::span<const DoseGroup> given, std::uint64_t seed, int resamples) {
  std::vector<DoseGroup> groups;
  for (const DoseGroup& group : given) {
    if (!(group.dose > 0) || !std::isfinite(group.dose))
      throw ConfigError("a dose is " + std::to_string(group.dose) + "; it must be positive");
    if (group.hits > group.tries)
      throw ConfigError(std::to_string(group.hits) + " hits of " + std::to_string(group.tries) + " tries");
    if (group.tries > 0) groups.push_back(group);
  }
  if (groups.empty()) return {0, 0, std::numeric_limits<double>::infinity()};
  std::ranges::sort(groups, {}, &DoseGroup::dose);
  HalfWay result;
  result.value = crossing(groups);
  // What lies beyond the doses is bounded by the last of them, not by 0 or by infinity.
  result.low = std::min(result.value, groups.back().dose);
  result.high = std::max(result.value, groups.front().dose);
  if (resamples < 1) return result;
  std::vector<double> drawn;
  std::vector<DoseGroup> again = groups;
  for (int sample = 0; sample < resamples; ++sample) {
    RandomStream random(seed, "half way", static_cast<std::uint64_t>(sample));
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const double tries = static_cast<double>(groups[g].tries);
      const double chance = (static_cast<double>(groups[g].hits) + 0.5) / (tries + 1);
      again[g].hits = 0;
      for (std::uint64_t t = 0; t < groups[g].tries; ++t) again[g].hits += random.chance(chance) ? 1 : 0;
    }
    drawn.push_back(crossing(again));
  }
  std::ranges::sort(drawn);
  const auto at = [&](double quantile) {
    return drawn[static_cast<std::size_t>(quantile * static_cast<double>(drawn.size() - 1) + 0.5)];
  };
  result.low = std::min(result.low, at(0.025));
  result.high = std::max(result.high, at(0.975));
  return result;
}

}  // namespace skein::experiments
