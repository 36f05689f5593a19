#pragma once

#include <cstdint>

#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

struct MaskNullSettings {
  int attempts_per_edge = 20;  ///< swaps or moves tried per existing weight of a layer
};

/// A random wiring with the same degrees, the null model of "which connections, not how many" (edge
/// switching, Maslov and Sneppen 2002, per layer): every unit keeps its fan-in and its fan-out, every layer
/// its number of weights, and no two weights share a place. Copies move like other weights and are none any more:
/// kept in place they would leave most of a layerised genome as it was. An output that an input reaches is still
/// reached: a run of swaps that would cut it off is undone. Where nothing can be swapped (a full layer) nothing
/// moves. Same seed, same wiring.
Wiring shuffle_degrees(const Wiring& wiring, std::uint64_t seed, const MaskNullSettings& settings = {});

/// A random wiring between the same units, the null model of "how many weights between how many units": every layer
/// keeps its number of weights, every value that is read or fed in `wiring` still is (so where all of its units are on a
/// path from an input to an output, all of the result's are), and among all such masks of a layer each is as likely
/// (a chain of moves and swaps). Weights drawn without regard to
/// units, `keep_random_per_layer`, leave hardly any path where a layer has about as many weights as units.
/// Same seed, same wiring.
Wiring shuffle_places(const Wiring& wiring, std::uint64_t seed, const MaskNullSettings& settings = {100});

}  // namespace skein::sgd
