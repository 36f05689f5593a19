#pragma once

#include <cstdint>
#include <span>

namespace skein::experiments {

/// Tries at one dose (a strength of noise, above 0), and how many of them succeeded.
struct DoseGroup {
  double dose = 0;
  std::uint64_t hits = 0, tries = 0;
};

/// The dose at which half of the tries succeed, where success can only fall as the dose rises. 0: fewer than half succeed
/// at the least dose given; infinite: half or more at the greatest. `low` and `high` hold 95 % of the resamples; `low`
/// is no more than the greatest dose, `high` no less than the least.
struct HalfWay {
  double value = 0, low = 0, high = 0;
};

/// Shares made to fall by pooling adjacent violators (Ayer, Brunk, Ewing, Reid, Silverman 1955), each weighing its tries;
/// between the last share of a half or more and the next a straight line over the logarithm of the dose. The interval is
/// a parametric bootstrap: hits are drawn again with the chance (hits + 1/2) / (tries + 1), so that shares of exactly 0 and 1
/// vary as well. Groups in any order; those without tries count for nothing. Same seed, same numbers. Throws ConfigError
/// for a dose that is not positive or more hits than tries.
HalfWay half_way(std::span<const DoseGroup> groups, std::uint64_t seed = 0, int resamples = 2000);

}  // namespace skein::experiments
