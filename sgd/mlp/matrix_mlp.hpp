#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

/// A layered MLP as full matrices in double precision, for methods that rewrite it. Layers as in Wiring: the
/// matrix of layer l has shape (units of layer l, units below), and is zero where no weight exists.
struct MatrixMlp {
  using Mask = Eigen::Matrix<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic>;

  Signature signature;
  std::vector<UnitOrigin> inputs;  ///< as in Wiring
  std::vector<std::vector<MlpUnit>> hidden;
  std::vector<Eigen::MatrixXd> weights;
  std::vector<Mask> masks;   ///< 1 where a weight exists
  std::vector<Mask> copies;  ///< 1 where it is a copy's carrying link

  std::size_t depth() const { return hidden.size(); }
  std::int64_t weight_count() const;
  Activation activation(std::size_t layer, Eigen::Index unit) const;
};

MatrixMlp to_matrices(const Mlp& mlp);
/// Without initial or rewind weights: what rewrites a network leaves nothing to rewind to.
Mlp to_mlp(const MatrixMlp& mlp);

/// Below, "pixels" stands for samples of a grid or of a table.

/// A layer's maps from those of the layer below (or the inputs), shape (pixels, units).
Eigen::MatrixXd layer_values(const MatrixMlp& mlp, std::size_t layer, const Eigen::MatrixXd& below);

/// The raw outputs from the inputs or, with a layer, from the maps below it; shape (pixels, outputs).
Eigen::MatrixXd outputs_of(const MatrixMlp& mlp, const Eigen::MatrixXd& below, std::size_t layer = 0);

/// Every unit's map. `values[0]` are the inputs, `values[l + 1]` layer l after its activation, the last the
/// outputs; `sums[l]` layer l before it. All of shape (pixels, units).
struct Maps {
  std::vector<Eigen::MatrixXd> values;
  std::vector<Eigen::MatrixXd> sums;
};
Maps maps_of(const MatrixMlp& mlp, const Eigen::MatrixXd& inputs);

/// Adds the maps of the next layer to those of the inputs and of the layers below it.
void add_layer(const MatrixMlp& mlp, std::size_t layer, Maps& maps);

/// Whether the outputs are a picture's hue, saturation and brightness, in this order. Then what is seen of
/// them is their colour; of other networks the outputs are seen as they are.
bool draws(const Signature& signature);

/// RGB of every pixel from the raw outputs, shape (pixels, 3).
Eigen::MatrixXd colours(const Eigen::MatrixXd& outputs);

/// Mean squared difference between two networks' outputs: of RGB where they draw, else of the outputs
/// themselves.
double visible_difference(const Signature& signature, const Eigen::MatrixXd& outputs,
                          const Eigen::MatrixXd& reference);

}  // namespace skein::sgd
