#pragma once

#include "lib/files/npy.hpp"
#include "lib/network/grid.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// What a network draws, as arrays for NumPy, all float32:
///   rgb       (height, width, 3), in [0, 1]
///   hsv       (height, width, 3), the raw outputs before any wrap or clamp
///   layer_00  (inputs, height, width), the inputs; layer_01 ... the units of each hidden layer by column;
///   the
///             last one is the outputs again, as maps
/// Throws ConfigError when the maps would take more than 2 GiB.
ArrayMap feature_arrays(const sgd::Mlp& mlp, const Grid& grid);

}  // namespace skein::experiments
