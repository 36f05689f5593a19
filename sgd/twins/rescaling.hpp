#pragma once

#include <cstdint>

#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

/// Rescalings: a hidden unit that is positively homogeneous (identity, relu) may have its incoming weights multiplied by a
/// positive factor and its outgoing ones divided by it, and the network computes the same. Measures of flatness and norm
/// change under them without limit (Dinh, Pascanu, Bengio, Bengio 2017), so they are taken of one representative.

/// The representative: every such unit with weights on both sides has incoming and outgoing weights of the same Euclidean
/// norm. That is the least sum of squares that rescalings reach; it is found by sweeps over the units, to a relative 1e-9.
/// Marks of copies that are no longer of weight 1 go; initial weights and snapshots are dropped. A pure function.
Mlp balance_rescalings(const Mlp& mlp);

/// A twin: every such unit rescaled by a random factor between 1/e and e. Nothing that matters should notice.
Mlp rescale_units(const Mlp& mlp, std::uint64_t seed);

/// The Euclidean norm of all weights.
double weight_norm(const Mlp& mlp);

/// The root of the sum, over all paths from an input to an output, of the product of the squared weights on it (Neyshabur,
/// Salakhutdinov, Srebro 2015). Rescalings leave it alone.
double path_norm(const Mlp& mlp);

}  // namespace skein::sgd
