#include "experiments/swarm/hull.hpp"

#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <string>

#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

/// Directions along which networks differ by less than this, relative to the widest, are rounding of single precision.
constexpr double narrowest = 1e-7;

Eigen::MatrixXd columns_of(const std::vector<Weights>& experts) {
  if (experts.size() < 2) throw ConfigError("swarm: two networks or more are needed to search between them");
  Eigen::MatrixXd columns(static_cast<Eigen::Index>(experts[0].size()),
                          static_cast<Eigen::Index>(experts.size()));
  for (std::size_t e = 0; e < experts.size(); ++e) {
    if (experts[e].size() != experts[0].size())
      throw ConfigError("swarm: networks of " + std::to_string(experts[0].size()) + " and " +
                        std::to_string(experts[e].size()) + " weights have no common hull");
    if (!std::ranges::all_of(experts[e], [](float w) { return std::isfinite(w); }))
      throw ConfigError("swarm: network " + std::to_string(e + 1) + " has a weight that is not finite");
    columns.col(static_cast<Eigen::Index>(e)) =
        Eigen::Map<const Eigen::VectorXf>(experts[e].data(), columns.rows()).cast<double>();
  }
  return columns;
}

}  // namespace

Hull::Hull(const std::vector<Weights>& experts) {
  const Eigen::MatrixXd columns = columns_of(experts);
  const auto count = columns.cols();
  mean_ = columns.rowwise().mean();
  first_ = columns.col(0);
  const Eigen::MatrixXd centred = columns.colwise() - mean_;
  // A thin QR first: there are many more weights than networks.
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(centred);
  const Eigen::Index rank = std::min(centred.rows(), count);
  const Eigen::MatrixXd thin = qr.householderQ() * Eigen::MatrixXd::Identity(centred.rows(), rank);
  const Eigen::MatrixXd upper = qr.matrixQR().topRows(rank).triangularView<Eigen::Upper>();
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(upper, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Eigen::VectorXd& widths = svd.singularValues();
  if (!(widths[0] > narrowest * std::max(first_.norm(), 1e-30)))
    throw ConfigError("swarm: the networks have the same weights, there is nothing between them");
  const auto kept = static_cast<Eigen::Index>(
      std::ranges::count_if(widths, [&](double width) { return width > narrowest * widths[0]; }));
  const double scale = std::sqrt(static_cast<double>(count - 1));
  directions_ = thin * svd.matrixU().leftCols(kept) * (widths.head(kept) / scale).asDiagonal();
  for (Eigen::Index e = 0; e < count; ++e) {
    const Eigen::VectorXd point = scale * svd.matrixV().row(e).head(kept).transpose();
    experts_.emplace_back(point.data(), point.data() + point.size());
  }
  const Eigen::MatrixXd differences = columns.rightCols(count - 1).colwise() - first_;
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> fit(differences);
  fit.setThreshold(narrowest);
  basis_ = fit.householderQ() * Eigen::MatrixXd::Identity(differences.rows(), fit.rank());
}

Weights Hull::at(const Coordinates& point) const {
  const Eigen::VectorXd weights =
      mean_ + directions_ * Eigen::Map<const Eigen::VectorXd>(point.data(), directions_.cols());
  Weights result(static_cast<std::size_t>(weights.size()));
  std::ranges::transform(weights, result.begin(), [](double w) { return static_cast<float>(w); });
  return result;
}

double Hull::residual(std::span<const float> weights) const {
  const Eigen::VectorXd x =
      Eigen::Map<const Eigen::VectorXf>(weights.data(), static_cast<Eigen::Index>(weights.size()))
          .cast<double>();
  const Eigen::VectorXd from_first = x - first_;
  const double length = x.norm();
  const double left = (from_first - basis_ * (basis_.transpose() * from_first)).norm();
  return length > 0 ? left / length : left;
}

}  // namespace skein::experiments
