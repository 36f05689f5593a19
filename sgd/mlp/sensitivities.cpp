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

/// Derivatives by the units of every layer, at some pixels.
class Derivatives {
 public:
  Derivatives(const MatrixMlp& mlp, const std::vector<PackedWeights>& back, const Maps& maps, Index first,
              Index count)
      : mlp_(mlp), back_(back), count_(count) {
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

  /// From one quantity's derivatives by the outputs: tells those by every layer's sums (`on_sums`) and by the values of
  /// every hidden layer (`on_values`), from above, each with the layer and of shape (pixels, units).
  template <class OnSums, class OnValues>
  void go_back(MatrixXd by_sums, const OnSums& on_sums, const OnValues& on_values) const {
    for (std::size_t l = mlp_.weights.size(); l-- > 0;) {
      on_sums(l, by_sums);
      if (l == 0) break;
      MatrixXd below(count_, mlp_.weights[l].cols());
      back_[l].apply(by_sums, 0, count_, below, 0);
      on_values(l - 1, below);
      for (Index u = 0; u < below.cols(); ++u)
        if (mlp_.activation(l - 1, u) != Activation::identity)
          below.col(u).array() *= slopes_[l - 1].col(u).array();
      by_sums = std::move(below);
    }
  }

 private:
  const MatrixMlp& mlp_;
  const std::vector<PackedWeights>& back_;
  Index count_;
  std::vector<MatrixXd> slopes_;  ///< of every hidden unit's activation; of identities nothing is written
};

/// Derivatives of the quantity of one channel by the outputs, at `count` pixels from `first` on: of a channel of RGB, or of
/// the outputs one by one where the network does not draw.
MatrixXd by_outputs(const MatrixMlp& mlp, const MatrixXd& outputs, Index channel, Index first, Index count) {
  MatrixXd derivatives = MatrixXd::Zero(count, outputs.cols());
  if (!draws(mlp.signature)) {
    derivatives.col(channel).setOnes();
    return derivatives;
  }
  std::array<double, 3> upstream{};
  upstream[static_cast<std::size_t>(channel)] = 1;
  for (Index p = 0; p < count; ++p) {
    const auto hsv = outputs.row(first + p);
    const auto slope = hsv_to_rgb_gradient(hsv(0), hsv(1), hsv(2), upstream);
    for (Index o = 0; o < 3; ++o) derivatives(p, o) = slope[static_cast<std::size_t>(o)];
  }
  return derivatives;
}

constexpr auto nothing = [](std::size_t, const MatrixXd&) {};

}  // namespace

std::vector<Eigen::MatrixXd> sensitivities(const MatrixMlp& mlp, const Maps& maps) {
  std::vector<MatrixXd> felt;
  for (const auto& sums : maps.sums) felt.emplace_back(MatrixXd::Zero(sums.rows(), sums.cols()));
  const MatrixXd& outputs = maps.values.back();
  const auto back = ways_back(mlp);
  by_pixels(outputs.rows(), [&](Index first, Index count) {
    const Derivatives derivatives(mlp, back, maps, first, count);
    const auto add = [&](MatrixXd of_outputs, double weight) {
      derivatives.go_back(
          std::move(of_outputs),
          [&](std::size_t l, const MatrixXd& by_sums) {
            felt[l].middleRows(first, count).array() += weight * by_sums.array().square();
          },
          nothing);
    };
    for (Index channel = 0; channel < outputs.cols(); ++channel) {
      add(by_outputs(mlp, outputs, channel, first, count), 1);
      if (!draws(mlp.signature)) continue;
      MatrixXd raw = MatrixXd::Zero(count, outputs.cols());
      raw.col(channel).setOnes();
      add(std::move(raw), raw_sensitivity);
    }
  });
  for (auto& one : felt) one.rowwise() += (even_sensitivity * one.colwise().mean()).eval();
  return felt;
}

std::vector<Eigen::MatrixXd> unit_effects(const MatrixMlp& mlp, const Maps& maps) {
  const MatrixXd& outputs = maps.values.back();
  const Index pixels = outputs.rows(), channels = outputs.cols();
  std::vector<MatrixXd> effects;
  for (std::size_t l = 0; l < mlp.depth(); ++l)
    effects.emplace_back(MatrixXd::Zero(channels * pixels, maps.values[l + 1].cols()));
  const auto back = ways_back(mlp);
  by_pixels(pixels, [&](Index first, Index count) {
    const Derivatives derivatives(mlp, back, maps, first, count);
    for (Index channel = 0; channel < channels; ++channel)
      derivatives.go_back(by_outputs(mlp, outputs, channel, first, count), nothing,
                          [&](std::size_t l, const MatrixXd& by_values) {
                            effects[l].middleRows(channel * pixels + first, count) = by_values;
                          });
  });
  for (std::size_t l = 0; l < effects.size(); ++l) {
    const MatrixXd centred = maps.values[l + 1].rowwise() - maps.values[l + 1].colwise().mean();
    for (Index channel = 0; channel < channels; ++channel)
      effects[l].middleRows(channel * pixels, pixels).array() *= -centred.array();
  }
  return effects;
}

}  // namespace skein::sgd
