#pragma once

#include <cstdint>

#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

struct MaskNullSettings {
  int attempts_per_edge = 20;  ///< swaps tried per existing weight of a layer
};

/// A random wiring with the same degrees, the null model of "which connections, not how many" (edge
/// switching, Maslov and Sneppen 2002, per layer): every unit keeps its fan-in and its fan-out, every layer
/// its number of weights, and no two weights share a place. Copies' weights stay where they are. An output
/// that an input reaches is still reached: a run of swaps that would cut it off is undone. Where nothing can
/// be swapped (a full layer) nothing changes. Same seed, same wiring.
Wiring shuffle_degrees(const Wiring& wiring, std::uint64_t seed, const MaskNullSettings& settings = {});

}  // namespace skein::sgd
