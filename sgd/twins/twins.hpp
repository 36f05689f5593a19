#pragma once

#include <cstdint>

#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

/// Twins: MLPs that compute the same function as another and are built differently on purpose. Equal in exact
/// arithmetic; weights are rounded to single precision once. What measures of representation should see is
/// known for each, because the picture cannot explain a change. All are pure functions of (mlp, seed);
/// `layer` counts hidden layers from 0; initial weights and snapshots are dropped; origins and copies' marks
/// are dropped where they no longer hold. Throw ConfigError for a layer or unit that does not exist.

/// The columns of each layer in another order, kinds staying in place. Nothing should notice.
Mlp permute_units(const Mlp& mlp, std::uint64_t seed);

/// Half of the odd units (identity, sin, tanh, sigmoid) with the sign of all their weights, in and out,
/// flipped. Nothing should notice but signs.
Mlp flip_signs(const Mlp& mlp, std::uint64_t seed);

/// A unit becomes `parts` >= 2 units with the same incoming weights; each outgoing weight is dealt out among
/// them in random shares. Fractured: what one unit was, several must now agree on.
Mlp split_unit(const Mlp& mlp, int layer, int unit, int parts, std::uint64_t seed);

/// Two new units of `kind` with the same random incoming weights and opposite outgoing ones. Entangled: each
/// matters, together they do nothing.
Mlp add_cancelling_pair(const Mlp& mlp, int layer, UnitKind kind, std::uint64_t seed);

/// `count` new units of `kind` with random incoming weights and no outgoing ones.
Mlp add_useless_units(const Mlp& mlp, int layer, UnitKind kind, int count, std::uint64_t seed);

/// The linear units (cache, identity) of a layer replaced by a random rotation of them, undone in the weights
/// that read them. Same depth; without two linear units nothing changes. Entangled.
Mlp rotate_linear_units(const Mlp& mlp, int layer, std::uint64_t seed);

/// A new layer of identity units above `layer` that holds a random rotation of all its units, undone in the
/// weights that read them. One layer deeper. Entangled: every unit of the new layer mixes all concepts.
Mlp rotate_layer(const Mlp& mlp, int layer, std::uint64_t seed);

}  // namespace skein::sgd
