#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "experiments/landscape/basin_target.hpp"

namespace skein::experiments {

/// A wiring of the census: where its starts come from.
struct StartSource {
  std::string name;
  std::int64_t weights = 0;  ///< of every start
  /// A wiring with random weights, a pure function of the seed. Any thread may ask.
  std::function<sgd::Mlp(std::uint64_t seed)> make;
};

/// What the sources are made of.
struct WiringContext {
  const BasinTarget& target;
  double initial_scale = 1;      ///< times the LeCun-normal width of the initial weights
  std::function<sgd::Mlp()> sp;  ///< the network that similarity-based pruning leaves; empty: there is none
};

/// The source of that name: a kind's, else a NET argument, whose wiring all starts share. Throws ConfigError
/// for a kind that the target cannot have and for a wiring without weights, and as `load_net`.
StartSource start_source(const std::string& name, const WiringContext& context);

/// The seed of a start: the same for a run of any length and order.
std::uint64_t seed_of_start(std::uint64_t seed, const std::string& wiring, std::uint64_t index);

}  // namespace skein::experiments
