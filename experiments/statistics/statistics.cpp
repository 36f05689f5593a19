#include "experiments/statistics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>

#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

constexpr std::size_t most_exact = 20;  // differences: a million sign patterns
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

}  // namespace

double student_t975(std::size_t degrees) {
  constexpr std::array table{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                             2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                             2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
  constexpr double normal = 1.960;
  if (degrees == 0) return table[0];
  if (degrees <= table.size()) return table[degrees - 1];
  // Cornish-Fisher's first term beyond the table: within 0.001.
  return normal + (normal * normal * normal + normal) / (4.0 * static_cast<double>(degrees));
}

double student_p(double t, std::size_t degrees) {
  if (degrees == 0) return 1;
  const double angle = std::atan(std::abs(t) / std::sqrt(static_cast<double>(degrees)));
  const double cosine = std::cos(angle), sine = std::sin(angle);
  // The series of even and odd degrees differ in where they start.
  const std::size_t odd = degrees % 2;
  double term = odd ? cosine : 1, series = degrees > 1 ? term : 0;
  for (std::size_t k = odd ? 3 : 2; k < degrees; k += 2) {
    term *= cosine * cosine * static_cast<double>(k - 1) / static_cast<double>(k);
    series += term;
  }
  const double inside = odd ? 2 / std::numbers::pi * (angle + sine * series) : sine * series;
  return std::clamp(1 - inside, 0.0, 1.0);
}

Interval student_interval(std::span<const double> values, bool prediction) {
  const auto n = static_cast<double>(values.size());
  Interval interval{sum_of(values) / n, 0, 0, values.size()};
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
  if (n <= most_exact) {
    const std::uint32_t patterns = std::uint32_t{1} << n;
    std::uint32_t as_far = 0;
    for (std::uint32_t pattern = 0; pattern < patterns; ++pattern) {
      double sum = 0;
      for (std::size_t i = 0; i < n; ++i) sum += (pattern >> i) & 1 ? differences[i] : -differences[i];
      if (std::abs(sum) >= observed) ++as_far;
    }
    return as_far / static_cast<double>(patterns);
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
