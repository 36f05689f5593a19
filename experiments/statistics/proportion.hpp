#pragma once

#include <cstdint>

namespace skein::experiments {

/// A share with its interval, all in [0, 1].
struct Share {
  double value = 0, low = 0, high = 0;
};

/// The share of `hits` among `tries` with its Wilson score interval (Wilson 1927) for a standard normal quantile
/// `z` (1.959964: 95 %; 2.575829: 99 %). No tries: value 0, interval [0, 1].
Share wilson_share(std::uint64_t hits, std::uint64_t tries, double z = 1.959964);

}  // namespace skein::experiments
