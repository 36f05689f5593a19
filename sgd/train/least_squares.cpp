#include "sgd/train/least_squares.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>

#include "lib/base/error.hpp"
#include "lib/picture/colour.hpp"
#include "sgd/mlp/matrix_mlp.hpp"
#include "sgd/mlp/sample_inputs.hpp"

namespace skein::sgd {

namespace {

/// What the residuals of a picture are computed from, shared by both functions.
struct PictureFit {
  MatrixMlp mlp;           ///< the wiring; its weights are 0, each call has its own
  Eigen::MatrixXd inputs;  ///< at every pixel
  Eigen::MatrixXd wanted;  ///< RGB, shape (pixels, 3)
  double scale = 1;        ///< one over the root of the number of residuals
};

MatrixMlp with_weights(MatrixMlp mlp, const Eigen::VectorXd& at) {
  Eigen::Index slot = 0;
  for (std::size_t l = 0; l < mlp.weights.size(); ++l)
    for (Eigen::Index r = 0; r < mlp.weights[l].rows(); ++r)
      for (Eigen::Index c = 0; c < mlp.weights[l].cols(); ++c)
        if (mlp.masks[l](r, c)) mlp.weights[l](r, c) = at(slot++);
  return mlp;
}

/// Derivatives by every weight of a quantity whose derivatives by the outputs are given; one row a pixel.
Eigen::MatrixXd by_weights(const MatrixMlp& mlp, const Maps& maps, Eigen::MatrixXd by_sums) {
  Eigen::MatrixXd result(by_sums.rows(), mlp.weight_count());
  Eigen::Index end = result.cols();
  for (std::size_t l = mlp.weights.size(); l-- > 0;) {
    const auto& mask = mlp.masks[l];
    end -= mask.cast<Eigen::Index>().sum();
    Eigen::Index slot = end;
    for (Eigen::Index r = 0; r < mask.rows(); ++r)
      for (Eigen::Index c = 0; c < mask.cols(); ++c)
        if (mask(r, c)) result.col(slot++) = by_sums.col(r).cwiseProduct(maps.values[l].col(c));
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
  return result;
}

Eigen::MatrixXd picture_jacobian(const PictureFit& fit, const Eigen::VectorXd& at) {
  const MatrixMlp mlp = with_weights(fit.mlp, at);
  const Maps maps = maps_of(mlp, fit.inputs);
  const Eigen::MatrixXd& hsv = maps.values.back();
  const Eigen::Index pixels = hsv.rows();
  Eigen::MatrixXd jacobian(3 * pixels, at.size());
  for (Eigen::Index channel = 0; channel < 3; ++channel) {
    std::array<double, 3> upstream{};
    upstream[static_cast<std::size_t>(channel)] = fit.scale;
    Eigen::MatrixXd by_outputs(pixels, 3);
    for (Eigen::Index p = 0; p < pixels; ++p) {
      const auto slope = hsv_to_rgb_gradient(hsv(p, 0), hsv(p, 1), hsv(p, 2), upstream);
      for (Eigen::Index o = 0; o < 3; ++o) by_outputs(p, o) = slope[static_cast<std::size_t>(o)];
    }
    jacobian.middleRows(channel * pixels, pixels) = by_weights(mlp, maps, std::move(by_outputs));
  }
  return jacobian;
}

}  // namespace

void LevenbergSettings::validate() const {
  if (steps < 1) throw ConfigError("steps is " + std::to_string(steps) + "; at least 1 is needed");
  if (!(damping > 0)) throw ConfigError("damping is " + std::to_string(damping) + "; it must be above 0");
}

std::optional<LevenbergResult> levenberg_marquardt(const LeastSquares& problem, const Eigen::VectorXd& start,
                                                   const LevenbergSettings& settings,
                                                   const std::function<bool()>& go_on) {
  settings.validate();
  constexpr double most_damping = 1e16;
  LevenbergResult result;
  result.at = start;
  Eigen::VectorXd residuals = problem.residuals(start);
  result.first = result.squares = residuals.squaredNorm();
  if (!std::isfinite(result.squares)) throw NumericError("least squares: the start is not finite");
  double damping = settings.damping, growth = 2;
  bool is_new = true;
  Eigen::MatrixXd normal;
  Eigen::VectorXd gradient;
  while (result.steps < settings.steps && damping < most_damping && !result.converged) {
    if (go_on && !go_on()) return std::nullopt;
    ++result.steps;
    if (is_new) {
      const Eigen::MatrixXd jacobian = problem.jacobian(result.at);
      normal = Eigen::MatrixXd::Zero(jacobian.cols(), jacobian.cols());
      normal.selfadjointView<Eigen::Lower>().rankUpdate(jacobian.transpose());
      gradient = jacobian.transpose() * residuals;
    }
    Eigen::MatrixXd damped = normal.selfadjointView<Eigen::Lower>();
    // A part of the largest entry keeps unknowns that hardly matter from being thrown far away.
    constexpr double even_part = 1e-9;
    const double even = std::max(even_part * normal.diagonal().maxCoeff(), 1e-300);
    damped.diagonal() += damping * (normal.diagonal().array() + even).matrix();
    const Eigen::VectorXd move = damped.ldlt().solve(-gradient);
    const Eigen::VectorXd there = result.at + move;
    const Eigen::VectorXd tried = move.allFinite() ? problem.residuals(there) : residuals;
    const double squares = tried.squaredNorm();
    result.converged = (move.array().abs() <= settings.least_change * (1 + result.at.array().abs())).all();
    is_new = move.allFinite() && squares < result.squares;
    if (!is_new) {
      damping *= growth;
      growth *= 2;
      continue;
    }
    const double promised = move.dot(damping * normal.diagonal().cwiseProduct(move) - gradient);
    const double kept = promised > 0 ? (result.squares - squares) / promised : 1;
    damping *= std::max(1.0 / 3, 1 - std::pow(2 * kept - 1, 3));
    damping = std::max(damping, 1e-15);
    growth = 2;
    result.at = there;
    result.squares = squares;
    residuals = tried;
  }
  return result;
}

LeastSquares picture_squares(const Wiring& wiring, const Picture& target) {
  const auto fit = std::make_shared<PictureFit>();
  Mlp mlp;
  mlp.wiring = wiring;
  mlp.weights.assign(static_cast<std::size_t>(wiring.weight_count()), 0.0f);
  fit->mlp = to_matrices(mlp);
  fit->inputs = sample_inputs(wiring.signature, Grid{target.width, target.height});
  fit->wanted =
      Eigen::Map<const Eigen::MatrixXf>(target.rgb.data(), static_cast<Eigen::Index>(target.pixels()), 3)
          .cast<double>();
  fit->scale = 1 / std::sqrt(static_cast<double>(target.rgb.size()));
  LeastSquares problem;
  problem.residuals = [fit](const Eigen::VectorXd& at) {
    const Eigen::MatrixXd errors = colours(outputs_of(with_weights(fit->mlp, at), fit->inputs)) - fit->wanted;
    return Eigen::VectorXd(fit->scale * Eigen::Map<const Eigen::VectorXd>(errors.data(), errors.size()));
  };
  problem.jacobian = [fit](const Eigen::VectorXd& at) { return picture_jacobian(*fit, at); };
  return problem;
}

}  // namespace skein::sgd
