#pragma once

#include <string>

#include "experiments/net.hpp"
#include "lib/npy.hpp"

namespace skein::experiments {

/// The wiring in Graphviz's language: one node per unit that takes part (a genome's by its markings), ranked
/// by layer, one arrow per existing weight, its width by size and its colour by sign.
std::string graphviz_text(const Net& net);

/// The weights as arrays: layer_NN of shape (in, out), float32, and mask_NN, u1 (0 no weight, 1 a weight, 2 a
/// copy's). NN = 00 is fed by the inputs.
ArrayMap weight_arrays(const sgd::Mlp& mlp);

}  // namespace skein::experiments
