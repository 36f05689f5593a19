#include "experiments/parts/breaks.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"

namespace skein::experiments {
namespace {

using Map = Eigen::VectorXd;

/// Every value's map over the grid, one column each; what is not finite is 0.
Eigen::MatrixXd value_maps(const Network& network, std::span<const float> weights, int size) {
  std::vector<ValueIndex> values(static_cast<std::size_t>(network.value_count()));
  std::iota(values.begin(), values.end(), ValueIndex{0});
  const Grid grid{size, size};
  std::vector<float> maps(values.size() * grid.pixels());
  feature_maps(Plan(network), weights, grid, values, maps);
  Eigen::MatrixXd result(static_cast<Eigen::Index>(grid.pixels()), static_cast<Eigen::Index>(values.size()));
  for (std::size_t i = 0; i < maps.size(); ++i)
    result(static_cast<Eigen::Index>(i % grid.pixels()), static_cast<Eigen::Index>(i / grid.pixels())) =
        std::isfinite(maps[i]) ? static_cast<double>(maps[i]) : 0.0;
  return result;
}

double variance_of(const Map& map) { return (map.array() - map.mean()).square().mean(); }

/// 1 - R2, clipped to [0, 1]: 1 is no better than the mean.
double error_of(const Map& fitted, const Map& wanted) {
  const double spread = (wanted.array() - wanted.mean()).square().sum();
  return std::clamp((fitted - wanted).squaredNorm() / spread, 0.0, 1.0);
}

/// The best of so many of the columns for a map, chosen one after the other, with a constant (orthogonal matching
/// pursuit).
Map fitted(const Map& wanted, Eigen::MatrixXd columns, int count) {
  constexpr double nothing = 1e-9;  // of a column's own square: it is what was chosen before
  const double mean = wanted.mean();
  Map rest = wanted.array() - mean;
  columns.rowwise() -= columns.colwise().mean().eval();
  const Eigen::RowVectorXd own = columns.colwise().squaredNorm();
  for (int step = 0; step < count && columns.cols() > 0; ++step) {
    Eigen::Index best = -1;
    double gain = 0;
    for (Eigen::Index c = 0; c < columns.cols(); ++c) {
      const double square = columns.col(c).squaredNorm();
      if (!(square > nothing * own(c)) || own(c) == 0) continue;
      const double along = columns.col(c).dot(rest);
      if (along * along / square > gain) gain = along * along / square, best = c;
    }
    if (best < 0) break;
    const Map chosen = columns.col(best).normalized();
    rest -= chosen * chosen.dot(rest);
    columns -= chosen * (chosen.transpose() * columns);
  }
  return wanted - rest;
}

/// The values of the network's units, by layer; layer 0 holds no unit.
std::vector<std::vector<Eigen::Index>> columns_by_layer(const Network& network) {
  std::vector<std::vector<Eigen::Index>> layers(static_cast<std::size_t>(network.depth()) + 1);
  for (int u = 0; u < network.unit_count(); ++u)
    layers[static_cast<std::size_t>(network.units()[static_cast<std::size_t>(u)].layer)].push_back(
        network.input_count() + u);
  return layers;
}

/// The layer at the same share of the depth; the nearest below that has units.
std::size_t layer_for(std::int32_t layer, int depth, std::size_t own,
                      const std::vector<std::vector<Eigen::Index>>& layers) {
  const double share = static_cast<double>(layer) / std::max(1, depth);
  auto place = static_cast<std::size_t>(std::max(1L, std::lround(share * static_cast<double>(own))));
  place = std::min(place, layers.size() - 1);
  while (place > 1 && layers[place].empty()) --place;
  return place;
}

Eigen::MatrixXd chosen_columns(const Eigen::MatrixXd& maps, const std::vector<Eigen::Index>& columns) {
  Eigen::MatrixXd chosen(maps.rows(), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t c = 0; c < columns.size(); ++c)
    chosen.col(static_cast<Eigen::Index>(c)) = maps.col(columns[c]);
  return chosen;
}

Break kind_of(const UnitBreak& unit, bool lacks_parent, double threshold) {
  const bool spoilt = unit.inherited > threshold;
  if (unit.error > threshold) return spoilt || lacks_parent ? Break::propagated : Break::local;
  return spoilt ? Break::restored : Break::correct;
}

}  // namespace

std::string_view name(Break kind) {
  constexpr std::array<std::string_view, break_kinds> names{"correct", "local", "propagated", "restored"};
  return names.at(static_cast<std::size_t>(kind));
}

void BreakSettings::validate() const {
  if (!(threshold > 0 && threshold < 1))
    throw ConfigError("threshold " + std::to_string(threshold) + ": must lie between 0 and 1");
  if (size < 8 || size > 256) throw ConfigError("size " + std::to_string(size) + ": must be 8 to 256");
}

std::vector<UnitBreak> find_breaks(const Network& reference, std::span<const float> reference_weights,
                                   const Network& network, std::span<const float> weights,
                                   const BreakSettings& settings, int depth) {
  settings.validate();
  if (reference.signature() != network.signature())
    throw ConfigError("the reference and the network do not have the same inputs and outputs");
  const Eigen::MatrixXd wanted = value_maps(reference, reference_weights, settings.size);
  const Eigen::MatrixXd there = value_maps(network, weights, settings.size);
  const auto layers = columns_by_layer(network);
  const std::size_t own = depth > 0 ? static_cast<std::size_t>(depth) : layers.size() - 1;
  std::vector<Eigen::Index> outputs(network.outputs().begin(), network.outputs().end());
  const auto units = static_cast<std::size_t>(reference.unit_count());
  constexpr double flat = 1e-8;  // of a map's variance: it says nothing
  // Step 1. What the network has of each unit. A unit that does not vary is taken to be there.
  Eigen::MatrixXd has = wanted;
  std::vector<std::uint8_t> varies(units, 0);
  parallel_for(units, [&](std::size_t u) {
    const auto column = static_cast<Eigen::Index>(u) + reference.input_count();
    const Map map = wanted.col(column);
    varies[u] = variance_of(map) > flat;
    if (!varies[u] || layers.size() < 2) return;
    const std::size_t layer = layer_for(reference.units()[u].layer, reference.depth(), own, layers);
    const bool is_output = std::ranges::count(reference.outputs(), static_cast<ValueIndex>(column)) > 0;
    const auto fan_in = static_cast<int>(reference.edges_of(static_cast<int>(u)).size());
    has.col(column) = fitted(map, chosen_columns(there, is_output ? outputs : layers[layer]), fan_in);
  });
  // Step 2. What the unit's own operation makes of its parents as the network has them.
  std::vector<UnitBreak> breaks;
  std::vector<double> error(units, 0.0);
  for (std::size_t u = 0; u < units; ++u) {
    if (!varies[u]) continue;
    const auto column = static_cast<Eigen::Index>(u) + reference.input_count();
    Map sum = Map::Zero(wanted.rows());
    bool lacks_parent = false;
    for (const Edge& edge : reference.edges_of(static_cast<int>(u))) {
      sum += static_cast<double>(reference_weights[edge.slot]) * has.col(edge.source);
      if (const auto source = static_cast<int>(edge.source) - reference.input_count(); source >= 0)
        lacks_parent = lacks_parent || error[static_cast<std::size_t>(source)] > settings.threshold;
    }
    const Activation activation = reference.units()[u].activation;
    const Map made = sum.unaryExpr([activation](double z) { return activate(activation, z); });
    UnitBreak one{static_cast<int>(u), reference.units()[u].layer,
                  error_of(has.col(column), wanted.col(column)), error_of(made, wanted.col(column)),
                  Break::correct};
    error[u] = one.error;
    one.kind = kind_of(one, lacks_parent, settings.threshold);
    breaks.push_back(one);
  }
  if (breaks.empty()) throw ConfigError("no unit of the reference varies over the picture");
  return breaks;
}

}  // namespace skein::experiments
