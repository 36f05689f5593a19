#include "sgd/mlp/sensitivities.hpp"

#include <array>
#include <utility>

#include "lib/network/activation.hpp"
#include "lib/picture/colour.hpp"
#include "sgd/mlp/blocks_of_pixels.hpp"
#include "sgd/mlp/packed_weights.hpp"

namespace skein::sgd {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

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

std::vector<Eigen::MatrixXd> sensitivities(const MatrixMlp& mlp, const Maps& maps) {
  std::vector<MatrixXd> result;
  for (const auto& sums : maps.sums) result.emplace_back(MatrixXd::Zero(sums.rows(), sums.cols()));
  if (draws(mlp.signature)) feel_colours(mlp, maps, result);
  else feel_outputs(mlp, maps, result);
  for (auto& felt : result) felt.rowwise() += (even_sensitivity * felt.colwise().mean()).eval();
  return result;
}

}  // namespace skein::sgd
