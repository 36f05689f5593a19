#include "sgd/matrix_mlp.hpp"

#include <array>
#include <cmath>

#include "lib/activation.hpp"
#include "lib/colour.hpp"
#include "lib/error.hpp"

namespace skein::sgd {

namespace {

/// Derivatives of one quantity by every layer's sums, from those by the outputs, squared and added to `into`.
void add_squares(const MatrixMlp& mlp, const Maps& maps, Eigen::MatrixXd by_sums, double weight,
                 std::vector<Eigen::MatrixXd>& into) {
  for (std::size_t l = mlp.weights.size(); l-- > 0;) {
    into[l].array() += weight * by_sums.array().square();
    if (l == 0) break;
    Eigen::MatrixXd below = by_sums * mlp.weights[l];
    for (Eigen::Index u = 0; u < below.cols(); ++u) {
      const Activation activation = mlp.activation(l - 1, u);
      if (activation == Activation::identity) continue;
      for (Eigen::Index p = 0; p < below.rows(); ++p)
        below(p, u) *= activation_derivative(activation, maps.sums[l - 1](p, u));
    }
    by_sums = std::move(below);
  }
}

}  // namespace

std::int64_t MatrixMlp::weight_count() const {
  std::int64_t count = 0;
  for (const Mask& mask : masks) count += mask.cast<std::int64_t>().sum();
  return count;
}

Activation MatrixMlp::activation(std::size_t layer, Eigen::Index unit) const {
  return layer < hidden.size() ? hidden[layer][static_cast<std::size_t>(unit)].kind.activation
                               : Activation::identity;
}

Eigen::MatrixXd activated(const MatrixMlp& mlp, std::size_t layer, const Eigen::MatrixXd& sums) {
  Eigen::MatrixXd values(sums.rows(), sums.cols());
  for (Eigen::Index u = 0; u < sums.cols(); ++u) {
    const Activation activation = mlp.activation(layer, u);
    for (Eigen::Index p = 0; p < sums.rows(); ++p) values(p, u) = activate(activation, sums(p, u));
  }
  return values;
}

MatrixMlp to_matrices(const Mlp& mlp) {
  validate(mlp);
  MatrixMlp result{mlp.wiring.signature, mlp.wiring.hidden, {}, {}, {}};
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

Eigen::MatrixXd grid_inputs(const Signature& signature, const Grid& grid) {
  validate(grid);
  Eigen::MatrixXd inputs(static_cast<Eigen::Index>(grid.pixels()),
                         static_cast<Eigen::Index>(signature.inputs.size()));
  for (std::size_t i = 0; i < signature.inputs.size(); ++i) {
    const auto& name = signature.inputs[i];
    if (name != "x" && name != "y" && name != "d" && name != "bias")
      throw ConfigError("a grid has no input \"" + name + "\"; there are x, y, d, bias");
    Eigen::Index p = 0;
    for (int row = 0; row < grid.height; ++row)
      for (int column = 0; column < grid.width; ++column, ++p) {
        const double x = grid.x(column), y = grid.y(row);
        inputs(p, static_cast<Eigen::Index>(i)) = name == "x"   ? x
                                                  : name == "y" ? y
                                                  : name == "d" ? distance_scale * std::sqrt(x * x + y * y)
                                                                : 1.0;
      }
  }
  return inputs;
}

Maps maps_of(const MatrixMlp& mlp, const Eigen::MatrixXd& inputs) {
  Maps maps;
  maps.values.push_back(inputs);
  for (std::size_t l = 0; l < mlp.weights.size(); ++l) {
    maps.sums.emplace_back(maps.values.back() * mlp.weights[l].transpose());
    maps.values.push_back(activated(mlp, l, maps.sums.back()));
  }
  return maps;
}

std::vector<Eigen::MatrixXd> sensitivities(const MatrixMlp& mlp, const Maps& maps) {
  const Eigen::MatrixXd& outputs = maps.values.back();
  if (outputs.cols() != 3)
    throw ConfigError("the picture's sensitivity needs three outputs; there are " +
                      std::to_string(outputs.cols()));
  std::vector<Eigen::MatrixXd> result;
  for (const auto& sums : maps.sums) result.emplace_back(Eigen::MatrixXd::Zero(sums.rows(), sums.cols()));
  for (std::size_t channel = 0; channel < 3; ++channel) {
    std::array<double, 3> upstream{};
    upstream[channel] = 1;
    Eigen::MatrixXd by_outputs(outputs.rows(), 3), raw = Eigen::MatrixXd::Zero(outputs.rows(), 3);
    for (Eigen::Index p = 0; p < outputs.rows(); ++p) {
      const auto slope = hsv_to_rgb_gradient(outputs(p, 0), outputs(p, 1), outputs(p, 2), upstream);
      for (Eigen::Index o = 0; o < 3; ++o) by_outputs(p, o) = slope[static_cast<std::size_t>(o)];
    }
    raw.col(static_cast<Eigen::Index>(channel)).setOnes();
    add_squares(mlp, maps, std::move(by_outputs), 1, result);
    add_squares(mlp, maps, std::move(raw), raw_sensitivity, result);
  }
  for (auto& felt : result) felt.rowwise() += (even_sensitivity * felt.colwise().mean()).eval();
  return result;
}

Eigen::MatrixXd colours(const Eigen::MatrixXd& outputs) {
  Eigen::MatrixXd rgb(outputs.rows(), 3);
  for (Eigen::Index p = 0; p < outputs.rows(); ++p) {
    const auto colour = hsv_to_rgb(outputs(p, 0), outputs(p, 1), outputs(p, 2));
    for (Eigen::Index c = 0; c < 3; ++c) rgb(p, c) = colour[static_cast<std::size_t>(c)];
  }
  return rgb;
}

double colour_difference(const Eigen::MatrixXd& outputs, const Eigen::MatrixXd& reference) {
  return (colours(outputs) - colours(reference)).array().square().mean();
}

}  // namespace skein::sgd
