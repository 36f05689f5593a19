#pragma once

#include <span>
#include <vector>

#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

/// A layered MLP's weights as full matrices, one per layer, row-major of shape (out, in), zero where no
/// weight exists.
using Matrices = std::vector<std::vector<float>>;

/// Throws ConfigError unless there is one weight per slot of the wiring.
Matrices matrices_of(const Wiring& wiring, std::span<const float> weights);

/// The weights that exist, in the order of slots. Throws ConfigError when the matrices do not have the
/// wiring's shapes.
Weights weights_of(const Wiring& wiring, const Matrices& matrices);

/// The same MLP with the columns of `architecture`: each layer's units fill its columns of their kind in
/// order, the others stay empty. The function computed is the same. Throws ConfigError when a layer has more
/// units of a kind than the architecture, or the depths differ.
Mlp arrange(const Mlp& mlp, const Architecture& architecture);

/// The architecture whose columns are those of every layer, in the same order; nothing when layers differ or
/// a kind's columns are apart.
std::optional<Architecture> uniform_architecture(const Wiring& wiring);

}  // namespace skein::sgd
