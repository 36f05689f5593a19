#include "experiments/landscape/local_volume.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

/// The first distance along the ray at which the loss has risen by more than allowed; `farthest` where none is.
double first_crossing(const Rise& rise, const Eigen::VectorXd& ray, const LocalVolumeSettings& settings) {
  constexpr double nearest = 1e-3, growth = 1.3;
  constexpr int halvings = 40;
  Eigen::VectorXd offset(ray.size());
  const auto is_inside = [&](double distance) {
    offset = distance * ray;
    return rise({offset.data(), static_cast<std::size_t>(offset.size())}) <= settings.rise;
  };
  double inside = 0, outside = nearest;
  while (is_inside(outside)) {
    inside = outside;
    outside *= growth;
    if (inside >= settings.farthest) return settings.farthest;
  }
  for (int i = 0; i < halvings && outside - inside > 1e-9 * outside; ++i) {
    const double middle = (inside + outside) / 2;
    (is_inside(middle) ? inside : outside) = middle;
  }
  return (inside + outside) / 2;
}

}  // namespace

double log_ball_volume(Eigen::Index dimensions) {
  const double half = static_cast<double>(dimensions) / 2;
  return half * std::log(std::numbers::pi) - std::lgamma(half + 1);
}

Preconditioner no_preconditioner(Eigen::Index dimensions) {
  return {Eigen::MatrixXd::Identity(dimensions, dimensions), 0};
}

Preconditioner inverse_root(const Eigen::MatrixXd& hessian, double floor) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(hessian);
  Eigen::VectorXd values = solver.eigenvalues();
  const double greatest = values.size() > 0 ? values.maxCoeff() : 0;
  if (!(greatest > 0) || !std::isfinite(greatest))
    throw NumericError("the Hessian has no positive eigenvalue: the loss does not rise in any direction");
  values = values.cwiseMax(floor * greatest);
  const Eigen::VectorXd roots = values.cwiseSqrt().cwiseInverse();
  return {solver.eigenvectors() * roots.asDiagonal(), roots.array().log().sum()};
}

LocalVolume local_volume(const Rise& rise, const Preconditioner& preconditioner,
                         const LocalVolumeSettings& settings) {
  if (!(settings.rise > 0)) throw ConfigError("the rise of the loss must be above 0");
  if (settings.directions < 1) throw ConfigError("at least one direction is needed");
  const Eigen::Index n = preconditioner.directions.cols();
  LocalVolume result;
  std::vector<double> logs;
  for (int draw = 0; draw < settings.directions; ++draw) {
    RandomStream random(settings.seed, "volume direction", static_cast<std::uint64_t>(draw));
    Eigen::VectorXd direction(n);
    for (Eigen::Index i = 0; i < n; ++i) direction(i) = random.normal();
    const Eigen::VectorXd ray = preconditioner.directions * direction.normalized();
    const double radius = first_crossing(rise, ray, settings);
    result.unbounded += radius >= settings.farthest ? 1 : 0;
    logs.push_back(static_cast<double>(n) * std::log(radius));
  }
  const double greatest = *std::ranges::max_element(logs);
  double sum = 0, squares = 0;
  for (const double log : logs) {
    const double share = std::exp(log - greatest);
    sum += share;
    squares += share * share;
  }
  result.log_volume = log_ball_volume(n) + preconditioner.log_determinant + greatest +
                      std::log(sum / static_cast<double>(settings.directions));
  result.effective = sum * sum / squares;
  return result;
}

}  // namespace skein::experiments
