#include "experiments/python/layers.hpp"

#include <algorithm>

#include "experiments/python/arrays.hpp"
#include "lib/base/error.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/mlp_folder.hpp"

namespace skein::python {

namespace py = pybind11;

namespace {

/// The layers' weights or masks, each (in, out).
template <class T>
py::list layers_of(const HeldNet& net, const std::string& stem) {
  py::list layers;
  ArrayMap arrays = sgd::weight_arrays(net.mlp());
  for (int l = 0; l <= net.mlp().wiring.depth(); ++l) {
    const std::string digits = std::to_string(l);
    Array& array = arrays.at(stem + (digits.size() < 2 ? "0" : "") + digits);
    layers.append(
        owned(std::get<std::vector<T>>(std::move(array.values)),
              {static_cast<py::ssize_t>(array.shape[0]), static_cast<py::ssize_t>(array.shape[1])}));
  }
  return layers;
}

/// Arrays of (in, out), one a layer, as `visit(layer, row, column, number)` of the places of the wiring, row-major (out, in).
template <class Visit>
void visit_places(const sgd::Wiring& wiring, const py::object& layers, const char* what, const Visit& visit) {
  if (!py::isinstance<py::sequence>(layers) || py::len(layers) != wiring.masks.size())
    throw ConfigError(std::string(what) + " must be a list of " + std::to_string(wiring.masks.size()) +
                      " arrays, one a layer");
  for (int l = 0; l <= wiring.depth(); ++l) {
    const MatrixShape shape = wiring.shape(l);
    const std::string name = std::string(what) + "[" + std::to_string(l) + "]";
    const auto array = numbers_of(py::reinterpret_borrow<py::object>(layers[py::int_(l)]), 2, name);
    if (array.shape(0) != shape.columns || array.shape(1) != shape.rows)
      throw ConfigError(name + " has the shape (" + std::to_string(array.shape(0)) + ", " +
                        std::to_string(array.shape(1)) + "); it must be (in, out) = (" +
                        std::to_string(shape.columns) + ", " + std::to_string(shape.rows) + ")");
    const auto values = array.template unchecked<2>();
    for (int row = 0; row < shape.rows; ++row)
      for (int column = 0; column < shape.columns; ++column) {
        const float value = values(column, row);
        const bool exists = wiring.masks[static_cast<std::size_t>(l)]
                                        [static_cast<std::size_t>(row * shape.columns + column)] != 0;
        if (!exists && value != 0)
          throw ConfigError(name + " is not 0 at (" + std::to_string(column) + ", " + std::to_string(row) +
                            "), where the network has no weight");
        if (exists) visit(value);
      }
  }
}

Signature signature_of(const std::vector<std::string>& inputs, const std::vector<std::string>& outputs) {
  if (inputs.empty() && outputs.empty()) return picture_signature();
  if (inputs.empty() || outputs.empty())
    throw ConfigError("inputs and outputs are named together, each by at least one name");
  return {inputs, outputs};
}

}  // namespace

py::list layer_weights(const HeldNet& net) { return layers_of<float>(net, "layer_"); }
py::list layer_masks(const HeldNet& net) { return layers_of<std::uint8_t>(net, "mask_"); }

NetPointer with_weights(const HeldNet& net, const py::object& layers) {
  sgd::Mlp mlp = net.mlp();
  std::size_t slot = 0;
  visit_places(mlp.wiring, layers, "weights", [&](float value) { mlp.weights[slot++] = value; });
  return held(std::move(mlp), net.net().title);
}

NetPointer keep(const HeldNet& net, const py::object& masks) {
  std::vector<std::uint8_t> stays;
  visit_places(net.mlp().wiring, masks, "masks", [&](float value) { stays.push_back(value != 0 ? 1 : 0); });
  return held(sgd::restrict_to(net.mlp(), stays), net.net().title);
}

NetPointer from_arrays(const std::string& architecture, const py::object& weights, const py::object& masks,
                       const std::vector<std::string>& inputs, const std::vector<std::string>& out) {
  ArrayMap arrays;
  add_arrays(arrays, weights, "layer_");
  if (!masks.is_none()) add_arrays(arrays, masks, "mask_");
  if (const auto count = static_cast<std::size_t>(
          std::ranges::count_if(arrays, [](const auto& item) { return item.first.starts_with("mask_"); }));
      count > 0 && 2 * count != arrays.size())
    throw ConfigError("there are " + std::to_string(arrays.size() - count) + " layers of weights and " +
                      std::to_string(count) + " of masks");
  return held(sgd::mlp_of_arrays(arrays, sgd::parse_architecture(architecture), signature_of(inputs, out)),
              "arrays");
}

NetPointer dense(const std::string& architecture, const std::vector<std::string>& inputs,
                 const std::vector<std::string>& out, std::uint64_t seed, double scale) {
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture(architecture), signature_of(inputs, out));
  mlp.weights = sgd::initial_weights(mlp.wiring, {.seed = seed, .scale = scale});
  return held(std::move(mlp), "dense");
}

}  // namespace skein::python
