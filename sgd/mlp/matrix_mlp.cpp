#include "sgd/mlp/matrix_mlp.hpp"

#include <algorithm>

#include "lib/network/activation.hpp"
#include "lib/picture/colour.hpp"
#include "sgd/mlp/blocks_of_pixels.hpp"
#include "sgd/mlp/packed_weights.hpp"

namespace skein::sgd {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;

/// Applies a layer's activations to the sums at some pixels.
void activate_rows(const MatrixMlp& mlp, std::size_t layer, MatrixXd& sums, Index first, Index count) {
  for (Index u = 0; u < sums.cols(); ++u) {
    const Activation activation = mlp.activation(layer, u);
    if (activation == Activation::identity) continue;
    for (Index p = first; p < first + count; ++p) sums(p, u) = activate(activation, sums(p, u));
  }
}

}  // namespace

bool draws(const Signature& signature) { return signature.outputs == picture_signature().outputs; }

std::int64_t MatrixMlp::weight_count() const {
  std::int64_t count = 0;
  for (const Mask& mask : masks) count += mask.cast<std::int64_t>().sum();
  return count;
}

Activation MatrixMlp::activation(std::size_t layer, Eigen::Index unit) const {
  return layer < hidden.size() ? hidden[layer][static_cast<std::size_t>(unit)].kind.activation
                               : Activation::identity;
}

Eigen::MatrixXd layer_values(const MatrixMlp& mlp, std::size_t layer, const Eigen::MatrixXd& below) {
  MatrixXd values(below.rows(), mlp.weights[layer].rows());
  const PackedWeights weights(mlp.weights[layer]);
  by_pixels(below.rows(), [&](Index first, Index count) {
    weights.apply(below, first, count, values, first);
    activate_rows(mlp, layer, values, first, count);
  });
  return values;
}

Eigen::MatrixXd outputs_of(const MatrixMlp& mlp, const Eigen::MatrixXd& below, std::size_t layer) {
  MatrixXd outputs(below.rows(), mlp.weights.back().rows());
  const std::vector<PackedWeights> layers(mlp.weights.begin() + static_cast<std::ptrdiff_t>(layer),
                                          mlp.weights.end());
  by_pixels(below.rows(), [&](Index first, Index count) {
    MatrixXd values = below.middleRows(first, count);
    for (std::size_t l = layer; l < mlp.weights.size(); ++l) {
      MatrixXd next(count, mlp.weights[l].rows());
      layers[l - layer].apply(values, 0, count, next, 0);
      activate_rows(mlp, l, next, 0, count);
      values = std::move(next);
    }
    outputs.middleRows(first, count) = values;
  });
  return outputs;
}

MatrixMlp to_matrices(const Mlp& mlp) {
  validate(mlp);
  MatrixMlp result{mlp.wiring.signature, mlp.wiring.inputs, mlp.wiring.hidden, {}, {}, {}};
  std::size_t slot = 0;
  for (std::size_t l = 0; l < mlp.wiring.masks.size(); ++l) {
    const MatrixShape shape = mlp.wiring.shape(static_cast<int>(l));
    result.weights.emplace_back(Eigen::MatrixXd::Zero(shape.rows, shape.columns));
    result.masks.emplace_back(MatrixMlp::Mask::Zero(shape.rows, shape.columns));
    result.copies.emplace_back(MatrixMlp::Mask::Zero(shape.rows, shape.columns));
    std::size_t place = 0;
    for (Eigen::Index row = 0; row < shape.rows; ++row)
      for (Eigen::Index column = 0; column < shape.columns; ++column, ++place) {
        if (!mlp.wiring.masks[l][place]) continue;
        result.weights[l](row, column) = mlp.weights[slot++];
        result.masks[l](row, column) = 1;
        result.copies[l](row, column) = mlp.wiring.copies[l][place];
      }
  }
  return result;
}

Mlp to_mlp(const MatrixMlp& mlp) {
  Mlp result;
  result.wiring.signature = mlp.signature;
  result.wiring.inputs = mlp.inputs;
  result.wiring.hidden = mlp.hidden;
  for (std::size_t l = 0; l < mlp.weights.size(); ++l) {
    auto& mask = result.wiring.masks.emplace_back();
    auto& copies = result.wiring.copies.emplace_back();
    for (Eigen::Index row = 0; row < mlp.weights[l].rows(); ++row)
      for (Eigen::Index column = 0; column < mlp.weights[l].cols(); ++column) {
        const bool exists = mlp.masks[l](row, column) != 0;
        mask.push_back(exists);
        copies.push_back(exists && mlp.copies[l](row, column));
        if (exists) result.weights.push_back(static_cast<float>(mlp.weights[l](row, column)));
      }
  }
  validate(result);
  return result;
}

void add_layer(const MatrixMlp& mlp, std::size_t layer, Maps& maps) {
  const Eigen::MatrixXd& below = maps.values[layer];
  MatrixXd sums(below.rows(), mlp.weights[layer].rows()), values(below.rows(), mlp.weights[layer].rows());
  const PackedWeights weights(mlp.weights[layer]);
  by_pixels(below.rows(), [&](Index first, Index count) {
    weights.apply(below, first, count, sums, first);
    values.middleRows(first, count) = sums.middleRows(first, count);
    activate_rows(mlp, layer, values, first, count);
  });
  maps.sums.push_back(std::move(sums));
  maps.values.push_back(std::move(values));
}

Maps maps_of(const MatrixMlp& mlp, const Eigen::MatrixXd& inputs) {
  Maps maps;
  maps.values.push_back(inputs);
  for (std::size_t l = 0; l < mlp.weights.size(); ++l) add_layer(mlp, l, maps);
  return maps;
}

Eigen::MatrixXd colours(const Eigen::MatrixXd& outputs) {
  Eigen::MatrixXd rgb(outputs.rows(), 3);
  for (Eigen::Index p = 0; p < outputs.rows(); ++p) {
    const auto colour = hsv_to_rgb(outputs(p, 0), outputs(p, 1), outputs(p, 2));
    for (Eigen::Index c = 0; c < 3; ++c) rgb(p, c) = colour[static_cast<std::size_t>(c)];
  }
  return rgb;
}

double visible_difference(const Signature& signature, const Eigen::MatrixXd& outputs,
                          const Eigen::MatrixXd& reference) {
  if (!draws(signature)) return (outputs - reference).array().square().mean();
  return (colours(outputs) - colours(reference)).array().square().mean();
}

}  // namespace skein::sgd
