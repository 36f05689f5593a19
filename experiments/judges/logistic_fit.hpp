#pragma once

#include <span>
#include <vector>

namespace skein::experiments {

/// A case whose answer is known.
struct LogisticRow {
  std::vector<double> x;
  bool yes = false;
  double weight = 1;  ///< above 0
};

/// chance = 1 / (1 + exp(-(intercept + sum of slope[t] * clamp(x[t], low[t], high[t])))).
struct LogisticFit {
  double intercept = 0;
  std::vector<double> slope, low,
      high;  ///< x is clamped to what the fit saw, but for its outermost hundredths
  double chance(std::span<const double> x) const;
};

/// Weighted logistic regression by Newton's method with a ridge (per row, on the standardised x). Throws ConfigError without
/// rows or where these differ in length.
LogisticFit fit_logistic(std::span<const LogisticRow> rows, double ridge = 0.02);

/// The chance that one of `yes` lies above one of `no`; ties count a half. One half where one of them is empty.
double area_under_curve(std::span<const double> yes, std::span<const double> no);

/// The mean of the shares of `yes` above one half and of `no` below it; a value of one half counts half.
double balanced_accuracy(std::span<const double> yes, std::span<const double> no);

}  // namespace skein::experiments
