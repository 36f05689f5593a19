#include "sgd/mlp/matrix_mlp.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/network/activation.hpp"
#include "lib/picture/colour.hpp"
#include "sgd/mlp/packed_weights.hpp"

namespace skein::sgd {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;

/// Calls `body(first, count)` for blocks of pixels, in parallel; what is computed at a pixel does not depend
/// on the others.
template <class Body>
void by_pixels(Index pixels, const Body& body) {
  constexpr Index block = 256;
  parallel_for(static_cast<std::size_t>((pixels + block - 1) / block), [&](std::size_t b) {
    const Index first = static_cast<Index>(b) * block;
    body(first, std::min(block, pixels - first));
  });
}

/// Applies a layer's activations to the sums at some pixels.
void activate_rows(const MatrixMlp& mlp, std::size_t layer, MatrixXd& sums, Index first, Index count) {
  for (Index u = 0; u < sums.cols(); ++u) {
    const Activation activation = mlp.activation(layer, u);
    if (activation == Activation::identity) continue;
    for (Index p = first; p < first + count; ++p) sums(p, u) = activate(activation, sums(p, u));
  }
}

/// The weights of every layer, the other way round: what leads derivatives by its sums to those by what it reads.
std::vector<PackedWeights> ways_back(const MatrixMlp& mlp) {
  std::vector<PackedWeights> ways;
  for (const MatrixXd& weights : mlp.weights) ways.emplace_back(weights.transpose());
  return ways;
}

/// Squares of derivatives, summed up at some pixels.
class SquaredDerivatives {
 public:
  /// `into` has a matrix of shape (pixels, units) for every layer, and takes the squares.
  SquaredDerivatives(const MatrixMlp& mlp, const std::vector<PackedWeights>& back, const Maps& maps,
                     Index first, Index count, std::vector<MatrixXd>& into)
      : mlp_(mlp), back_(back), first_(first), count_(count), into_(into) {
    for (std::size_t l = 0; l < mlp.depth(); ++l) {
      MatrixXd& slopes = slopes_.emplace_back(count, maps.sums[l].cols());
      for (Index u = 0; u < slopes.cols(); ++u) {
        const Activation activation = mlp.activation(l, u);
        if (activation == Activation::identity) continue;
        for (Index p = 0; p < count; ++p)
          slopes(p, u) = activation_derivative(activation, maps.sums[l](first + p, u));
      }
    }
  }

  /// Adds those of one quantity's derivatives by every layer's sums, out of its derivatives by the outputs.
  void add(MatrixXd by_sums, double weight) const {
    for (std::size_t l = mlp_.weights.size(); l-- > 0;) {
      into_[l].middleRows(first_, count_).array() += weight * by_sums.array().square();
      if (l == 0) break;
      MatrixXd below(count_, mlp_.weights[l].cols());
      back_[l].apply(by_sums, 0, count_, below, 0);
      for (Index u = 0; u < below.cols(); ++u)
        if (mlp_.activation(l - 1, u) != Activation::identity)
          below.col(u).array() *= slopes_[l - 1].col(u).array();
      by_sums = std::move(below);
    }
  }

 private:
  const MatrixMlp& mlp_;
  const std::vector<PackedWeights>& back_;
  Index first_, count_;
  std::vector<MatrixXd>& into_;
  std::vector<MatrixXd> slopes_;  ///< of every hidden unit's activation; of identities nothing is written
};

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

MatrixXd rows_of(const MatrixXd& all, const std::vector<std::uint32_t>& chosen) {
  MatrixXd rows(std::ssize(chosen), all.cols());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i] >= static_cast<std::size_t>(all.rows()))
      throw ConfigError("sample " + std::to_string(chosen[i]) + " of " + std::to_string(all.rows()));
    rows.row(static_cast<Index>(i)) = all.row(static_cast<Index>(chosen[i]));
  }
  return rows;
}

/// As `sensitivities`, before a part of the mean is added: of the outputs as they are.
void feel_outputs(const MatrixMlp& mlp, const Maps& maps, std::vector<MatrixXd>& felt) {
  const Index outputs = maps.values.back().cols();
  const auto back = ways_back(mlp);
  by_pixels(maps.values.back().rows(), [&](Index first, Index count) {
    const SquaredDerivatives squares(mlp, back, maps, first, count, felt);
    for (Index o = 0; o < outputs; ++o) {
      MatrixXd by_outputs = MatrixXd::Zero(count, outputs);
      by_outputs.col(o).setOnes();
      squares.add(std::move(by_outputs), 1);
    }
  });
}

/// The same of the colour that the outputs are, and in part of the outputs as they are.
void feel_colours(const MatrixMlp& mlp, const Maps& maps, std::vector<MatrixXd>& felt) {
  const MatrixXd& outputs = maps.values.back();
  const auto back = ways_back(mlp);
  by_pixels(outputs.rows(), [&](Index first, Index count) {
    const SquaredDerivatives squares(mlp, back, maps, first, count, felt);
    for (std::size_t channel = 0; channel < 3; ++channel) {
      std::array<double, 3> upstream{};
      upstream[channel] = 1;
      MatrixXd by_outputs(count, 3), raw = MatrixXd::Zero(count, 3);
      for (Index p = 0; p < count; ++p) {
        const auto hsv = outputs.row(first + p);
        const auto slope = hsv_to_rgb_gradient(hsv(0), hsv(1), hsv(2), upstream);
        for (Index o = 0; o < 3; ++o) by_outputs(p, o) = slope[static_cast<std::size_t>(o)];
      }
      raw.col(static_cast<Index>(channel)).setOnes();
      squares.add(std::move(by_outputs), 1);
      squares.add(std::move(raw), raw_sensitivity);
    }
  });
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

Eigen::MatrixXd sample_inputs(const Signature& signature, const SampleSource& samples) {
  const auto columns = static_cast<Index>(signature.inputs.size());
  if (const auto* subset = std::get_if<PixelSubset>(&samples))
    return rows_of(grid_inputs(signature, subset->grid), subset->pixels);
  if (const auto* grid = std::get_if<Grid>(&samples)) return grid_inputs(signature, *grid);
  const auto* subset = std::get_if<TableSubset>(&samples);
  const auto* table = subset ? subset->table.get() : std::get_if<SampleTable>(&samples);
  if (!table || table->inputs != columns ||
      table->values.size() != table->count * static_cast<std::size_t>(table->inputs))
    throw ConfigError("a table of " + std::to_string(table ? table->inputs : 0) +
                      " inputs for a network of " + std::to_string(columns));
  const Eigen::Map<const Eigen::MatrixXf> values(table->values.data(), static_cast<Index>(table->count),
                                                 columns);
  MatrixXd inputs = values.cast<double>();
  return subset ? rows_of(inputs, subset->samples) : inputs;
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

std::vector<Eigen::MatrixXd> sensitivities(const MatrixMlp& mlp, const Maps& maps) {
  std::vector<MatrixXd> result;
  for (const auto& sums : maps.sums) result.emplace_back(MatrixXd::Zero(sums.rows(), sums.cols()));
  if (draws(mlp.signature)) feel_colours(mlp, maps, result);
  else feel_outputs(mlp, maps, result);
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

double visible_difference(const Signature& signature, const Eigen::MatrixXd& outputs,
                          const Eigen::MatrixXd& reference) {
  if (!draws(signature)) return (outputs - reference).array().square().mean();
  return (colours(outputs) - colours(reference)).array().square().mean();
}

}  // namespace skein::sgd
