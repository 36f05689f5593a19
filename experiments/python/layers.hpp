#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <vector>

#include "experiments/python/held_net.hpp"

namespace skein::python {

/// Weights (float32) and masks (uint8: 0, 1, 2 a copy's) as lists of arrays (in, out), one a layer.
pybind11::list layer_weights(const HeldNet& net);
pybind11::list layer_masks(const HeldNet& net);

/// The network with other weights, or with only those that `masks` marks: lists of arrays (in, out). Throw ConfigError for
/// other shapes and for what is not 0 where the network has no weight.
NetPointer with_weights(const HeldNet& net, const pybind11::object& layers);
NetPointer keep(const HeldNet& net, const pybind11::object& masks);

/// A network of arrays as `layer_weights` gives them; `masks` may be None. Without names it draws.
NetPointer from_arrays(const std::string& architecture, const pybind11::object& weights,
                       const pybind11::object& masks, const std::vector<std::string>& inputs,
                       const std::vector<std::string>& out);
/// Dense, with random weights.
NetPointer dense(const std::string& architecture, const std::vector<std::string>& inputs,
                 const std::vector<std::string>& out, std::uint64_t seed, double scale);

}  // namespace skein::python
