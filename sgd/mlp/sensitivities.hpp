#pragma once

#include <Eigen/Core>
#include <vector>

#include "sgd/mlp/matrix_mlp.hpp"

namespace skein::sgd {

/// How much the picture feels each unit's sum: squared derivative of RGB by it, summed over channels, per
/// pixel; shape (pixels, units) for each layer. Of a network that does not draw: of the outputs by it. A small part (`raw_sensitivity`) of the derivative of the raw
/// outputs is added, so that what a clamp or a zero saturation hides is not taken for nothing, and a part
/// (`even_sensitivity`) of each unit's mean everywhere: a derivative of zero does not bear out changes of any
/// size.
std::vector<Eigen::MatrixXd> sensitivities(const MatrixMlp& mlp, const Maps& maps);
inline constexpr double raw_sensitivity = 1e-4;
inline constexpr double even_sensitivity = 1e-2;

/// What each hidden unit does to the picture, to first order: the change of RGB (of a network that does not draw, of the
/// outputs) at each pixel if the unit's value there became its mean over the pixels. Shape (channels x
/// pixels, units) for each hidden layer, channel after channel.
std::vector<Eigen::MatrixXd> unit_effects(const MatrixMlp& mlp, const Maps& maps);

}  // namespace skein::sgd
