#pragma once

#include <cstdint>
#include <vector>

#include "lib/base/random.hpp"
#include "lib/engine/engine.hpp"

namespace skein::test {

/// A random wiring of a picture: every activation, tied slots, copies, constants (units without edges), units
/// that reach nothing, and now and then an output that is an input or one value named twice.
Network random_network(std::uint64_t seed, int units);

/// Standard normal weights times `scale`, one per slot.
Weights random_weights(const Network& network, std::uint64_t seed, double scale = 1.0);

/// A layered network with the given activations in every layer, each edge present with probability `density`;
/// slots in the order of edges. Three linear outputs on top.
Network layered_network(int depth, const std::vector<Activation>& layer, double density, std::uint64_t seed);

/// Uniform noise.
Picture random_picture(int width, int height, std::uint64_t seed = 0);

}  // namespace skein::test
