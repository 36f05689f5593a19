#include "experiments/statistics/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

constexpr std::size_t most_exact = 30;  // differences: a billion sign patterns, as two times 32,768 sums
constexpr int random_flips = 100'000;
constexpr double rounding = 1e-12;  // sums that differ by this share are the same

double sum_of(std::span<const double> values) { return std::accumulate(values.begin(), values.end(), 0.0); }

double deviation_of(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  const double mean = sum_of(values) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0.0;
}

/// The sums of some numbers with every choice of signs.
std::vector<double> signed_sums(std::span<const double> values) {
  std::vector<double> sums{0};
  for (const double value : values) {
    const std::size_t before = sums.size();
    for (std::size_t i = 0; i < before; ++i) {
      sums.push_back(sums[i] - value);
      sums[i] += value;
    }
  }
  return sums;
}

}  // namespace

double student_t975(std::size_t degrees) {
  if (degrees == 0) return std::numeric_limits<double>::infinity();
  return boost::math::quantile(boost::math::students_t(static_cast<double>(degrees)), 0.975);
}

double student_p(double t, std::size_t degrees) {
  if (degrees == 0 || std::isnan(t)) return 1;
  if (std::isinf(t)) return 0;
  const boost::math::students_t distribution(static_cast<double>(degrees));
  return 2 * boost::math::cdf(boost::math::complement(distribution, std::abs(t)));
}

Interval student_interval(std::span<const double> values, bool prediction) {
  const auto n = static_cast<double>(values.size());
  Interval interval{sum_of(values) / n, 0, 0, values.size()};
  if (values.size() < 2) return {interval.mean, interval.mean, interval.mean, values.size()};
  const double half =
      student_t975(values.size() - 1) * deviation_of(values) * std::sqrt((prediction ? 1.0 : 0.0) + 1.0 / n);
  interval.low = interval.mean - half;
  interval.high = interval.mean + half;
  return interval;
}

double paired_t_p(std::span<const double> differences) {
  if (differences.size() < 2) return 1;
  const auto n = static_cast<double>(differences.size());
  const double mean = sum_of(differences) / n, deviation = deviation_of(differences);
  if (deviation <= rounding * std::abs(mean)) return mean == 0 ? 1 : 0;
  return student_p(mean / (deviation / std::sqrt(n)), differences.size() - 1);
}

double sign_flip_p(std::span<const double> differences) {
  const std::size_t n = differences.size();
  if (n == 0) return 1;
  double size = 0;
  for (const double d : differences) size += std::abs(d);
  const double observed = std::abs(sum_of(differences)) - rounding * size;
  if (observed <= 0) return 1;
  if (n <= most_exact) {
    // Every pattern is one of the first half with one of the second: 2^(n/2) sums twice, not 2^n.
    const std::vector<double> first = signed_sums(differences.first(n / 2));
    std::vector<double> second = signed_sums(differences.subspan(n / 2));
    std::ranges::sort(second);
    std::ptrdiff_t as_far = 0;
    for (const double sum : first) {
      as_far += std::ranges::end(second) - std::ranges::lower_bound(second, observed - sum);
      as_far += std::ranges::upper_bound(second, -observed - sum) - std::ranges::begin(second);
    }
    return std::ldexp(static_cast<double>(as_far), -static_cast<int>(n));
  }
  RandomStream random(0, "sign flips");
  int as_far = 1;
  for (int flip = 0; flip < random_flips; ++flip) {
    double sum = 0;
    for (const double d : differences) sum += random.uniform() < 0.5 ? d : -d;
    if (std::abs(sum) >= observed) ++as_far;
  }
  return as_far / (random_flips + 1.0);
}

double least_sign_flip_p(std::size_t n) { return n == 0 ? 1 : std::ldexp(2.0, -static_cast<int>(n)); }

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p_values[i]; });
  std::vector<double> corrected(p_values.size());
  double least = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    least = std::max(least, std::min(1.0, p_values[order[rank]] * static_cast<double>(order.size() - rank)));
    corrected[order[rank]] = least;
  }
  return corrected;
}

}  // namespace skein::experiments
