#include "sgd/twins/rescaling.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "lib/base/random.hpp"
#include "sgd/mlp/matrix_mlp.hpp"

namespace skein::sgd {

namespace {

bool is_homogeneous(const MatrixMlp& mlp, std::size_t layer, Eigen::Index unit) {
  const Activation activation = mlp.activation(layer, unit);
  return activation == Activation::identity || activation == Activation::relu;
}

void rescale(MatrixMlp& mlp, std::size_t layer, Eigen::Index unit, double factor) {
  mlp.weights[layer].row(unit) *= factor;
  mlp.weights[layer + 1].col(unit) /= factor;
}

/// A copy's carrying link has weight 1.
Mlp without_false_copies(MatrixMlp& mlp) {
  for (std::size_t l = 0; l < mlp.weights.size(); ++l)
    for (Eigen::Index r = 0; r < mlp.weights[l].rows(); ++r)
      for (Eigen::Index c = 0; c < mlp.weights[l].cols(); ++c)
        if (static_cast<float>(mlp.weights[l](r, c)) != 1.0f) mlp.copies[l](r, c) = 0;
  return to_mlp(mlp);
}

}  // namespace

Mlp balance_rescalings(const Mlp& mlp) {
  constexpr double close = 1e-9;
  constexpr int most_sweeps = 100'000;
  MatrixMlp result = to_matrices(mlp);
  double farthest = 1;
  for (int sweep = 0; sweep < most_sweeps && farthest > close; ++sweep) {
    farthest = 0;
    for (std::size_t layer = 0; layer < result.depth(); ++layer)
      for (Eigen::Index unit = 0; unit < result.weights[layer].rows(); ++unit) {
        if (!is_homogeneous(result, layer, unit)) continue;
        const double in = result.weights[layer].row(unit).norm(),
                     out = result.weights[layer + 1].col(unit).norm();
        if (!(in > 0) || !(out > 0)) continue;
        const double factor = std::sqrt(out / in);
        rescale(result, layer, unit, factor);
        farthest = std::max(farthest, std::abs(factor - 1));
      }
  }
  return without_false_copies(result);
}

Mlp rescale_units(const Mlp& mlp, std::uint64_t seed) {
  MatrixMlp result = to_matrices(mlp);
  RandomStream random(seed, "rescaled units");
  for (std::size_t layer = 0; layer < result.depth(); ++layer)
    for (Eigen::Index unit = 0; unit < result.weights[layer].rows(); ++unit)
      if (is_homogeneous(result, layer, unit)) rescale(result, layer, unit, std::exp(random.uniform(-1, 1)));
  return without_false_copies(result);
}

double weight_norm(const Mlp& mlp) {
  double squares = 0;
  for (const float w : mlp.weights) squares += static_cast<double>(w) * static_cast<double>(w);
  return std::sqrt(squares);
}

double path_norm(const Mlp& mlp) {
  const MatrixMlp matrices = to_matrices(mlp);
  Eigen::VectorXd reached = Eigen::VectorXd::Ones(matrices.weights.front().cols());
  for (const Eigen::MatrixXd& weights : matrices.weights) reached = weights.cwiseAbs2() * reached;
  return std::sqrt(reached.sum());
}

}  // namespace skein::sgd
