#pragma once

#include "sgd/prune/pruning.hpp"

namespace skein::sgd {

/// `count` weights chosen evenly among the existing ones.
KeepMask keep_random(const Wiring& wiring, std::int64_t count, std::uint64_t seed);

/// In each layer's matrix as many weights as asked for it, chosen evenly. Throws ConfigError when a layer has
/// fewer or the number of layers differs.
KeepMask keep_random_per_layer(const Wiring& wiring, std::span<const std::int64_t> counts,
                               std::uint64_t seed);

/// The same with the counts of `like`, as a mask that reaches every output that `like` reaches: where a draw does not,
/// the next is tried, up to a thousand times. So few weights that none does go between the units of `like`
/// (`shuffle_places`), if `mlp` has weights there; the first draw is given if not.
KeepMask connected_random_layers(const Wiring& like, const Mlp& mlp, std::uint64_t seed);

/// Existing weights in each layer's matrix: what a control with the same counts is asked for.
std::vector<std::int64_t> layer_counts(const Wiring& wiring);

}  // namespace skein::sgd
