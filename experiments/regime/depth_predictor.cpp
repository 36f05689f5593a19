#include "experiments/regime/depth_predictor.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "experiments/statistics/rank_correlation.hpp"
#include "experiments/statistics/spread.hpp"
#include "lib/base/error.hpp"
#include "lib/base/median.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

constexpr std::size_t most_exact = 9;  // targets: 362,880 orders
constexpr int drawn_orders = 1'000'000;
constexpr double counts_as_significant = 0.05;
constexpr double share_wanted = 0.95;  // of targets left out that an interval is to hold

/// Ranks with mean 0 and length 1, so that a correlation is a product; all 0 where all values are the same.
std::vector<double> unit_ranks(const std::vector<double>& values) {
  std::vector<double> ranks = ranks_of(values);
  const double mean = (static_cast<double>(ranks.size()) + 1) / 2;
  double squares = 0;
  for (double& rank : ranks) rank -= mean, squares += rank * rank;
  for (double& rank : ranks) rank = squares > 0 ? rank / std::sqrt(squares) : 0;
  return ranks;
}

double product(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// A measure as lines are drawn along it: counts by their logarithm.
double line_value(const PictureMeasures& picture, std::size_t measure) {
  return picture_measure_names[measure] == "regions" ? std::log1p(picture[measure]) : picture[measure];
}

/// The targets' numbers, by column.
struct Columns {
  std::vector<double> depths;
  std::array<std::vector<double>, picture_measure_count> measures;

  explicit Columns(std::span<const MeasuredOptimum> optima, std::size_t without = SIZE_MAX) {
    for (std::size_t i = 0; i < optima.size(); ++i) {
      if (i == without) continue;
      depths.push_back(optima[i].depth);
      for (std::size_t m = 0; m < picture_measure_count; ++m)
        measures[m].push_back(line_value(optima[i].picture, m));
    }
  }

  std::vector<double> correlations() const {
    const auto depth_ranks = unit_ranks(depths);
    std::vector<double> all;
    for (const auto& measure : measures) all.push_back(product(unit_ranks(measure), depth_ranks));
    return all;
  }

  std::size_t best() const {
    const auto all = correlations();
    return static_cast<std::size_t>(
        std::ranges::max_element(all, {}, [](double rho) { return std::abs(rho); }) - all.begin());
  }

  /// Slope and intercept of depth along a measure.
  std::pair<double, double> line(std::size_t measure) const {
    const auto n = static_cast<double>(depths.size());
    const auto& x = measures[measure];
    const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
    const double mean_y = std::accumulate(depths.begin(), depths.end(), 0.0) / n;
    double products = 0, squares = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      products += (x[i] - mean_x) * (depths[i] - mean_y);
      squares += (x[i] - mean_x) * (x[i] - mean_x);
    }
    const double slope = squares > 0 ? products / squares : 0;
    return {slope, mean_y - slope * mean_x};
  }
};

double on_line(std::pair<double, double> line, double value, const std::vector<double>& depths) {
  const auto [least, most] = std::ranges::minmax(depths);
  return std::clamp(line.second + line.first * value, least, most);
}

/// Counts, over orders of the optima, those whose correlations are as large.
void test_correlations(const Columns& columns, std::uint64_t seed, std::vector<PredictorFit>& fits) {
  std::array<std::vector<double>, picture_measure_count> measures;
  for (std::size_t m = 0; m < picture_measure_count; ++m) measures[m] = unit_ranks(columns.measures[m]);
  std::vector<double> depths = unit_ranks(columns.depths);
  std::array<double, picture_measure_count> alone{}, joint{};
  double all = 0;
  constexpr double slack = 1e-12;
  const auto count = [&] {
    std::array<double, picture_measure_count> sizes{};
    double largest = 0;
    for (std::size_t m = 0; m < picture_measure_count; ++m) {
      sizes[m] = std::abs(product(measures[m], depths));
      largest = std::max(largest, sizes[m]);
    }
    for (std::size_t m = 0; m < picture_measure_count; ++m) {
      alone[m] += sizes[m] >= std::abs(fits[m].spearman) - slack;
      joint[m] += largest >= std::abs(fits[m].spearman) - slack;
    }
    ++all;
  };
  if (depths.size() <= most_exact) {
    std::vector<std::size_t> order(depths.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::vector<double> own = depths;
    do {
      for (std::size_t i = 0; i < order.size(); ++i) depths[i] = own[order[i]];
      count();
    } while (std::ranges::next_permutation(order).found);
  } else {
    count();
    RandomStream random(seed, "orders of optima");
    for (int i = 0; i < drawn_orders; ++i) {
      random.shuffle(std::span(depths));
      count();
    }
  }
  for (std::size_t m = 0; m < picture_measure_count; ++m)
    fits[m].p = alone[m] / all, fits[m].joint_p = joint[m] / all;
}

}  // namespace

DepthPredictor fit_depth_predictor(std::span<const MeasuredOptimum> optima, std::uint64_t seed) {
  if (optima.size() < fewest_optima)
    throw ConfigError("the table of measured optima has " + std::to_string(optima.size()) + " targets; " +
                      std::to_string(fewest_optima) + " at least are needed to learn from");
  DepthPredictor predictor;
  predictor.targets = optima.size();
  predictor.peaks = static_cast<std::size_t>(std::ranges::count(optima, "peak", &MeasuredOptimum::shape));
  const Columns columns(optima);
  const auto correlations = columns.correlations();
  for (std::size_t m = 0; m < picture_measure_count; ++m)
    predictor.fits.push_back({m, correlations[m], 1, 1});
  test_correlations(columns, seed, predictor.fits);
  predictor.best = columns.best();
  std::tie(predictor.slope, predictor.intercept) = columns.line(predictor.best);
  std::tie(predictor.least, predictor.most) = [&] {
    const auto [least, most] = std::ranges::minmax(columns.depths);
    return std::pair{least, most};
  }();
  predictor.median = median(columns.depths);
  double own = 0;
  for (std::size_t i = 0; i < optima.size(); ++i) {
    const Columns others(optima, i);
    const std::size_t measure = others.best();
    const double value = line_value(optima[i].picture, measure);
    predictor.misses.push_back(
        std::abs(on_line(others.line(measure), value, others.depths) - optima[i].depth));
    predictor.median_misses.push_back(std::abs(median(others.depths) - optima[i].depth));
    if (optima[i].own_depth) own += std::abs(*optima[i].own_depth - optima[i].depth), ++predictor.own_count;
  }
  predictor.error = spread(predictor.misses).mean;
  predictor.median_error = spread(predictor.median_misses).mean;
  if (predictor.own_count > 0) predictor.own_error = own / static_cast<double>(predictor.own_count);
  std::ranges::sort(predictor.misses);
  std::ranges::sort(predictor.median_misses);
  predictor.better = predictor.error < predictor.median_error &&
                     predictor.fits[predictor.best].joint_p <= counts_as_significant;
  return predictor;
}

PredictedDepth predict_depth(const DepthPredictor& predictor, const PictureMeasures& picture) {
  const double value = line_value(picture, predictor.best);
  const double line =
      std::clamp(predictor.intercept + predictor.slope * value, predictor.least, predictor.most);
  const auto& misses = predictor.better ? predictor.misses : predictor.median_misses;
  const auto n = static_cast<double>(misses.size());
  // The least half width that holds the wanted share of targets left out, one more counted for the picture itself.
  const auto rank = static_cast<std::size_t>(std::min(n, std::ceil(share_wanted * (n + 1))));
  PredictedDepth predicted;
  predicted.depth = predictor.better ? line : predictor.median;
  predicted.low = std::max(1.0, predicted.depth - misses[rank - 1]);
  predicted.high = predicted.depth + misses[rank - 1];
  predicted.covered = static_cast<double>(rank) / (n + 1);
  return predicted;
}

}  // namespace skein::experiments
