#include "experiments/landscape/flatness.hpp"

#include <algorithm>
#include <cmath>

#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

/// (gradient at w + h v) - (gradient at w - h v), over 2 h.
std::vector<double> hessian_times(const LossSlope& slope, std::span<const float> weights,
                                  std::span<const double> v) {
  const std::size_t n = weights.size();
  Weights there(n), back(n);
  for (std::size_t i = 0; i < n; ++i) {
    there[i] = static_cast<float>(static_cast<double>(weights[i]) + difference_step * v[i]);
    back[i] = static_cast<float>(static_cast<double>(weights[i]) - difference_step * v[i]);
  }
  std::vector<float> ahead(n), behind(n);
  slope(there, ahead);
  slope(back, behind);
  std::vector<double> product(n);
  for (std::size_t i = 0; i < n; ++i)
    product[i] = (static_cast<double>(ahead[i]) - static_cast<double>(behind[i])) / (2 * difference_step);
  return product;
}

}  // namespace

LossSlope slope_of(Loss& loss) {
  return [&loss](std::span<const float> weights, std::span<float> gradient) {
    return loss.value_and_gradient(weights, gradient);
  };
}

Estimate hessian_trace(const LossSlope& slope, std::span<const float> weights, int draws,
                       std::uint64_t seed) {
  double sum = 0, squares = 0;
  for (int draw = 0; draw < draws; ++draw) {
    RandomStream random(seed, "hessian trace", static_cast<std::uint64_t>(draw));
    std::vector<double> v(weights.size());
    for (double& sign : v) sign = random.chance(0.5) ? 1 : -1;
    const auto product = hessian_times(slope, weights, v);
    double form = 0;
    for (std::size_t i = 0; i < v.size(); ++i) form += v[i] * product[i];
    sum += form;
    squares += form * form;
  }
  const double mean = sum / draws;
  const double variance = draws > 1 ? std::max(0.0, (squares - draws * mean * mean) / (draws - 1)) : 0;
  return {mean, std::sqrt(variance / draws)};
}

Eigen::MatrixXd hessian(const LossSlope& slope, std::span<const float> weights) {
  const auto n = static_cast<Eigen::Index>(weights.size());
  Eigen::MatrixXd result(n, n);
  std::vector<double> v(weights.size(), 0.0);
  for (Eigen::Index i = 0; i < n; ++i) {
    v[static_cast<std::size_t>(i)] = 1;
    const auto column = hessian_times(slope, weights, v);
    result.col(i) = Eigen::Map<const Eigen::VectorXd>(column.data(), n);
    v[static_cast<std::size_t>(i)] = 0;
  }
  return (result + result.transpose()) / 2;
}

double sam_gap(const LossSlope& slope, std::span<const float> weights, double radius, std::uint64_t seed,
               int rounds, int draws) {
  const std::size_t n = weights.size();
  std::vector<float> gradient(n);
  const double here = slope(weights, gradient);
  double most = 0;
  for (int draw = 0; draw < draws; ++draw) {
    RandomStream random(seed, "sam direction", static_cast<std::uint64_t>(draw));
    std::vector<double> direction(n);
    for (double& d : direction) d = random.normal();
    for (int round = 0; round <= rounds; ++round) {
      double square = 0;
      for (const double d : direction) square += d * d;
      if (!(square > 0) || !std::isfinite(square)) break;
      Weights moved(n);
      for (std::size_t i = 0; i < n; ++i)
        moved[i] =
            static_cast<float>(static_cast<double>(weights[i]) + radius * direction[i] / std::sqrt(square));
      const double rise = slope(moved, gradient) - here;
      if (rise > most) most = rise;
      for (std::size_t i = 0; i < n; ++i) direction[i] = static_cast<double>(gradient[i]);
    }
  }
  return most;
}

}  // namespace skein::experiments
