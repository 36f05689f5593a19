#include "experiments/judges/logistic_fit.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

struct FitTable {
  Eigen::MatrixXd x;
  Eigen::VectorXd yes, weight;
};

FitTable fit_table(std::span<const LogisticRow> rows) {
  if (rows.empty()) throw ConfigError("a logistic fit needs rows");
  const auto count = static_cast<Eigen::Index>(rows.size());
  const auto traits = static_cast<Eigen::Index>(rows[0].x.size());
  FitTable table{Eigen::MatrixXd(count, traits), Eigen::VectorXd(count), Eigen::VectorXd(count)};
  for (Eigen::Index r = 0; r < count; ++r) {
    const LogisticRow& row = rows[static_cast<std::size_t>(r)];
    if (static_cast<Eigen::Index>(row.x.size()) != traits)
      throw ConfigError("rows of a logistic fit must be of one length");
    for (Eigen::Index t = 0; t < traits; ++t) table.x(r, t) = row.x[static_cast<std::size_t>(t)];
    table.yes(r) = row.yes;
    table.weight(r) = row.weight;
  }
  table.weight *= static_cast<double>(count) / table.weight.sum();
  return table;
}

/// Clamps each trait to all but its outermost hundredths, and standardises it. The mean and spread that it had.
std::pair<Eigen::RowVectorXd, Eigen::RowVectorXd> standardise(FitTable& table, LogisticFit& fit) {
  const Eigen::Index traits = table.x.cols();
  Eigen::RowVectorXd mean(traits), spread(traits);
  for (Eigen::Index t = 0; t < traits; ++t) {
    auto column = table.x.col(t);
    std::vector<double> values(column.begin(), column.end());
    std::ranges::sort(values);
    fit.low.push_back(values[values.size() / 100]);
    fit.high.push_back(values[values.size() - 1 - values.size() / 100]);
    column = column.cwiseMax(fit.low.back()).cwiseMin(fit.high.back()).eval();
    mean(t) = table.weight.dot(column) / table.weight.sum();
    spread(t) = std::max(
        1e-6, std::sqrt(table.weight.dot((column.array() - mean(t)).square().matrix()) / table.weight.sum()));
    column = ((column.array() - mean(t)) / spread(t)).eval();
  }
  return {mean, spread};
}

}  // namespace

double LogisticFit::chance(std::span<const double> x) const {
  if (x.size() != slope.size()) throw ConfigError("a logistic fit is asked about another number of traits");
  double sum = intercept;
  for (std::size_t t = 0; t < x.size(); ++t) sum += slope[t] * std::clamp(x[t], low[t], high[t]);
  return 1 / (1 + std::exp(-sum));
}

LogisticFit fit_logistic(std::span<const LogisticRow> given, double ridge) {
  LogisticFit result;
  FitTable table = fit_table(given);
  const auto [mean, spread] = standardise(table, result);
  const Eigen::Index traits = table.x.cols();
  Eigen::MatrixXd x = Eigen::MatrixXd::Ones(table.x.rows(), traits + 1);
  x.leftCols(traits) = table.x;
  Eigen::VectorXd slope = Eigen::VectorXd::Zero(traits + 1);
  Eigen::VectorXd penalty = Eigen::VectorXd::Constant(traits + 1, ridge * static_cast<double>(x.rows()));
  penalty(traits) = 1e-9;
  for (int step = 0; step < 50; ++step) {
    const Eigen::VectorXd chance = (1 / (1 + (-(x * slope).array()).exp())).matrix();
    const Eigen::VectorXd curvature = table.weight.array() * chance.array() * (1 - chance.array());
    Eigen::MatrixXd hessian = x.transpose() * curvature.asDiagonal() * x;
    hessian.diagonal() += penalty;
    const Eigen::VectorXd gradient =
        x.transpose() * (table.weight.array() * (table.yes - chance).array()).matrix() -
        penalty.cwiseProduct(slope);
    slope += hessian.ldlt().solve(gradient);
  }
  result.intercept = slope(traits);
  for (Eigen::Index t = 0; t < traits; ++t) {
    result.slope.push_back(slope(t) / spread(t));
    result.intercept -= slope(t) / spread(t) * mean(t);
  }
  return result;
}

double area_under_curve(std::span<const double> yes, std::span<const double> no) {
  if (yes.empty() || no.empty()) return 0.5;
  std::vector<double> sorted(no.begin(), no.end());
  std::ranges::sort(sorted);
  double wins = 0;
  for (const double y : yes) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), y);
    wins += static_cast<double>(first - sorted.begin()) + 0.5 * static_cast<double>(last - first);
  }
  return wins / static_cast<double>(yes.size()) / static_cast<double>(no.size());
}

double balanced_accuracy(std::span<const double> yes, std::span<const double> no) {
  const std::vector<double> half{0.5};
  return (area_under_curve(yes, half) + area_under_curve(half, no)) / 2;
}

}  // namespace skein::experiments
