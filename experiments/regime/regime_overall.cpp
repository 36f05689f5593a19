#include "experiments/regime/regime_overall.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/statistics/statistics.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// The cell of one way of connecting, depth and number over all targets; nothing unless every target has it.
std::optional<RegimeCell> pooled_cell(std::span<const RegimeFinding> findings, const Connection& connection,
                                      int depth, std::size_t column) {
  const bool is_loss = regime_columns()[column].name == "loss";
  RegimeCell pooled{0, depth, column, 0, missing, missing, missing, 0, 0, 0, 0};
  std::vector<double> means;
  for (const RegimeFinding& one : findings) {
    const auto cell = std::ranges::find_if(one.cells, [&](const RegimeCell& its) {
      return its.depth == depth && its.column == column &&
             one.target.connections[its.connection] == connection;
    });
    if (cell == one.cells.end()) return std::nullopt;
    pooled.blank += cell->blank, pooled.diverged += cell->diverged, pooled.failed += cell->failed;
    pooled.never += cell->never;
    const double mean = is_loss ? std::log10(cell->mean) : cell->mean;
    if (cell->n > 0 && std::isfinite(mean)) means.push_back(mean);
  }
  pooled.n = means.size();
  if (means.empty()) return pooled;
  const Interval interval = student_interval(means);
  const auto shown = [&](double value) { return is_loss ? std::pow(10, value) : value; };
  pooled.mean = shown(interval.mean), pooled.low = shown(interval.low), pooled.high = shown(interval.high);
  return pooled;
}

/// What the targets' means of one way of connecting and number do along the depths, each target in the place of a seed.
std::optional<RegimeShape> pooled_shape(std::span<const RegimeFinding> findings, const Connection& connection,
                                        const std::vector<int>& depths, std::size_t column) {
  if (depths.size() < 2) return std::nullopt;
  DepthTable table{depths, {}};
  for (const RegimeFinding& one : findings) {
    std::vector<double> values(depths.size(), missing);
    for (const RegimeCell& cell : one.cells) {
      const auto at = std::ranges::lower_bound(depths, cell.depth);
      if (cell.column == column && cell.n > 0 && at != depths.end() && *at == cell.depth &&
          one.target.connections[cell.connection] == connection)
        values[static_cast<std::size_t>(at - depths.begin())] =
            regime_columns()[column].judged_value(cell.mean);
    }
    table.values.push_back(std::move(values));
  }
  RegimeShape shape{0, column, {}, {}};
  try {
    shape.finding = shape_of_depth(table);
  } catch (const ConfigError&) {  // no depth has two values
    return std::nullopt;
  }
  return shape;
}

}  // namespace

std::optional<RegimeFinding> over_targets(std::span<const RegimeFinding> findings) {
  if (findings.size() < 2) return std::nullopt;
  RegimeFinding all;
  all.target.name = "all targets";
  for (const int depth : findings.front().target.depths)
    if (std::ranges::all_of(findings, [&](const RegimeFinding& one) {
          return std::ranges::binary_search(one.target.depths, depth);
        }))
      all.target.depths.push_back(depth);
  for (const Connection& connection : findings.front().target.connections) {
    const std::size_t before = all.cells.size();
    for (const int depth : all.target.depths)
      for (std::size_t column = 0; column < regime_columns().size(); ++column)
        if (auto cell = pooled_cell(findings, connection, depth, column)) {
          cell->connection = all.target.connections.size();
          all.cells.push_back(*cell);
        }
    if (all.cells.size() == before) continue;
    std::vector<int> depths;  // that the connection stands at in every target
    for (std::size_t c = before; c < all.cells.size(); ++c)
      if (depths.empty() || all.cells[c].depth != depths.back()) depths.push_back(all.cells[c].depth);
    for (std::size_t column = 0; column < regime_columns().size(); ++column)
      if (regime_columns()[column].judged)
        if (auto shape = pooled_shape(findings, connection, depths, column)) {
          shape->connection = all.target.connections.size();
          all.shapes.push_back(*std::move(shape));
        }
    all.target.connections.push_back(connection);
  }
  if (all.cells.empty()) return std::nullopt;
  return all;
}

std::vector<OverallEffect> overall_effects(std::span<const RegimeFinding> findings) {
  std::vector<OverallEffect> overall;
  std::vector<std::vector<double>> effects;
  for (const RegimeFinding& finding : findings)
    for (const ConnectivityEffect& effect : finding.effects) {
      if (effect.depth || !std::isfinite(effect.effect)) continue;
      const Connection& own = finding.target.connections[effect.connection];
      const Connection& control = finding.target.connections[effect.control];
      const auto found = std::ranges::find_if(overall, [&](const OverallEffect& one) {
        return one.connection == own && one.control == control && one.column == effect.column;
      });
      const auto place = static_cast<std::size_t>(found - overall.begin());
      if (found == overall.end()) {
        overall.push_back({own, control, effect.column, 0, 0, 0, 0, 0, 1});
        effects.emplace_back();
      }
      effects[place].push_back(effect.effect);
    }
  for (std::size_t i = 0; i < overall.size(); ++i) {
    const Interval interval = student_interval(effects[i]);
    overall[i].targets = effects[i].size();
    overall[i].positive =
        static_cast<std::size_t>(std::ranges::count_if(effects[i], [](double e) { return e > 0; }));
    overall[i].effect = interval.mean, overall[i].low = interval.low, overall[i].high = interval.high;
    overall[i].p = sign_flip_p(effects[i]);
  }
  return overall;
}

}  // namespace skein::experiments
