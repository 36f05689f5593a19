#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "experiments/changes/effective_number.hpp"
#include "experiments/changes/picture_regions.hpp"
#include "experiments/measures/measure_functions.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments::measure {
namespace {

/// Rows of the change maps that hold a change, of the items chosen, each once: repetitions in a resample
/// weigh in the mean of other measures but would count as perfect overlap here.
std::vector<Eigen::Index> reached_rows(const Steps& steps, Items items) {
  std::vector<Eigen::Index> rows;
  for (const std::uint32_t item : items)
    for (const std::size_t i : {2 * std::size_t{item}, 2 * std::size_t{item} + 1})
      if (steps.effects[i].match.reached) rows.push_back(static_cast<Eigen::Index>(i));
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

/// Mean effective share of the picture's cells that a step's change covers.
Value spread(const Steps& steps, Items items) {
  const auto rows = reached_rows(steps, items);
  if (rows.empty()) return {};
  double sum = 0;
  for (const Eigen::Index row : rows) sum += steps.cells[static_cast<std::size_t>(row)];
  return sum / static_cast<double>(rows.size()) / static_cast<double>(steps.maps.cols());
}

constexpr std::size_t effects_compared = 24;  ///< so that networks of any number of weights compare

}  // namespace

Value distinct_effects(const Evidence& evidence, Items items) {
  auto rows = reached_rows(evidence.weights, items);
  if (rows.size() < effects_compared) return {};
  constexpr int draws = 32;
  double sum = 0;
  for (int draw = 0; draw < draws; ++draw) {
    RandomStream stream(evidence.settings.seed, "effects compared", static_cast<std::uint64_t>(draw));
    for (std::size_t i = 0; i < effects_compared; ++i)
      std::swap(rows[i], rows[i + stream.below(static_cast<std::uint32_t>(rows.size() - i))]);
    const std::vector<Eigen::Index> chosen(rows.begin(), rows.begin() + effects_compared);
    const Eigen::MatrixXd overlap = evidence.weights.overlap(chosen, chosen).cast<double>();
    sum += effective_number(
        Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(overlap, Eigen::EigenvaluesOnly).eigenvalues());
  }
  return sum / draws;
}

Value effect_overlap(const Evidence& evidence, Items items) {
  const auto rows = reached_rows(evidence.weights, items);
  double sum = 0;
  std::size_t pairs = 0;
  for (std::size_t a = 0; a < rows.size(); ++a)
    for (std::size_t b = a + 1; b < rows.size(); ++b) {
      if (rows[a] / 2 == rows[b] / 2) continue;  // one weight, upward and downward
      sum += static_cast<double>(evidence.weights.overlap(rows[a], rows[b]));
      ++pairs;
    }
  if (pairs == 0) return {};
  return sum / static_cast<double>(pairs);
}

Value effect_spread(const Evidence& evidence, Items items) { return spread(evidence.weights, items); }

Value unit_spread(const Evidence& evidence, Items items) { return spread(evidence.directions, items); }

Value region_spread(const Evidence& evidence, Items items) {
  const auto rows = reached_rows(evidence.weights, items);
  if (rows.empty()) return {};
  double sum = 0;
  for (const Eigen::Index row : rows) {
    std::array<double, region_count> held{};
    for (std::size_t cell = 0; cell < evidence.regions.size(); ++cell)
      held[evidence.regions[cell]] +=
          static_cast<double>(evidence.weights.maps(row, static_cast<Eigen::Index>(cell)));
    sum += effective_number(held);
  }
  return sum / static_cast<double>(rows.size()) / region_count;
}

Value mirror_mixing(const Evidence& evidence, Items items) {
  const auto rows = reached_rows(evidence.weights, items);
  if (rows.empty()) return {};
  const int side = evidence.settings.map_size;
  double sum = 0;
  for (const Eigen::Index row : rows) {
    const Eigen::Map<const MapRows> map(evidence.weights.maps.row(row).data(), side, side);
    const double difference = static_cast<double>((map - map.rowwise().reverse()).cwiseAbs().sum());
    sum += difference / (2 * std::max(1e-12, static_cast<double>(map.sum())));
  }
  return sum / static_cast<double>(rows.size());
}

}  // namespace skein::experiments::measure
