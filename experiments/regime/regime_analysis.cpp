#include "experiments/regime/regime_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "experiments/runs/session.hpp"
#include "experiments/statistics/statistics.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A value as shapes and effects see it: larger is better, losses by their logarithm.
double judged_value(const RegimeRow& row, std::size_t column) {
  const RegimeColumn& about = regime_columns()[column];
  const double value = row.values[column];
  return about.sign * (about.name == "loss" ? std::log10(value) : value);
}

std::string base_name(const Connection& connection) {
  return connection.method.substr(0, connection.method.find(':'));
}

/// The networks that a connection's are held against: other wirings of the same count.
bool is_control_of(const Connection& control, const Connection& connection) {
  const std::string name = base_name(connection), other = base_name(control);
  if (control.keep != connection.keep ||
      connection.method.substr(name.size()) != control.method.substr(other.size()))
    return false;
  if (name == "retrained") return other == "shuffle-evolved";
  const RowMethod* method = find_method(other);
  return method && !method->like.empty() && method->like == name;
}

class TargetAnalysis {
 public:
  TargetAnalysis(RegimeTarget target, std::size_t column, const ShapeSettings& settings)
      : settings_(settings) {
    finding_.target = std::move(target);
    finding_.judged_column = column;
    for (const RegimeRow& row : finding_.target.rows)
      by_cell_[{row.connection, row.depth}].emplace(row.seed, &row);
  }

  RegimeFinding analyse() {
    for (const auto& [cell, rows] : by_cell_)
      for (std::size_t column = 0; column < regime_columns().size(); ++column) add_cell(cell, rows, column);
    const auto& connections = finding_.target.connections;
    for (std::size_t column = 0; column < regime_columns().size(); ++column) {
      if (!regime_columns()[column].judged) continue;
      for (std::size_t c = 0; c < connections.size(); ++c) {
        add_shape(c, column);
        for (std::size_t other = 0; other < connections.size(); ++other)
          if (is_control_of(connections[other], connections[c])) add_effects(c, other, column);
      }
    }
    judge();
    return std::move(finding_);
  }

 private:
  using Rows = std::map<std::uint64_t, const RegimeRow*>;

  void add_cell(const std::pair<std::size_t, int>& where, const Rows& rows, std::size_t column) {
    RegimeCell cell{where.first, where.second, column, 0, nan, nan, nan, 0, 0, 0, 0};
    std::vector<double> values;
    for (const auto& [seed, row] : rows) {
      cell.blank += row->status == RowStatus::blank;
      cell.diverged += row->status == RowStatus::diverged;
      cell.failed += row->status == RowStatus::failed;
      cell.never += row->never;
      if (std::isfinite(row->values[column])) values.push_back(row->values[column]);
    }
    cell.n = values.size();
    if (!values.empty()) {
      const Interval interval = student_interval(values);
      cell.mean = interval.mean, cell.low = interval.low, cell.high = interval.high;
    }
    finding_.cells.push_back(cell);
  }

  void add_shape(std::size_t connection, std::size_t column) {
    DepthTable table;
    for (const auto& [cell, rows] : by_cell_)
      if (cell.first == connection) table.depths.push_back(cell.second);
    if (table.depths.size() < 2) return;
    for (const std::uint64_t seed : finding_.target.seeds) {
      std::vector<double> values;
      for (const int depth : table.depths) {
        const Rows& rows = by_cell_.at({connection, depth});
        const auto row = rows.find(seed);
        values.push_back(row == rows.end() ? nan : judged_value(*row->second, column));
      }
      table.values.push_back(std::move(values));
    }
    RegimeShape shape{connection, column, {}, {}};
    try {
      shape.finding = shape_of_depth(table, settings_);
    } catch (const ConfigError&) {  // no depth has two values: nothing can be said
      shape.finding.p = shape.finding.flatness_p = nan;
    }
    if (finding_.target.own_depth && !shape.finding.depths.empty())
      shape.holds_own =
          shape.finding.low <= *finding_.target.own_depth && *finding_.target.own_depth <= shape.finding.high;
    finding_.shapes.push_back(std::move(shape));
  }

  void add_effects(std::size_t connection, std::size_t control, std::size_t column) {
    std::vector<double> all;
    for (const auto& [cell, rows] : by_cell_) {
      if (cell.first != connection) continue;
      const auto others = by_cell_.find({control, cell.second});
      if (others == by_cell_.end()) continue;
      std::vector<double> here;
      for (const auto& [seed, row] : rows) {
        const auto other = others->second.find(seed);
        if (other == others->second.end()) continue;
        const double difference = judged_value(*row, column) - judged_value(*other->second, column);
        if (std::isfinite(difference)) here.push_back(difference);
      }
      add_effect({connection, control, column, cell.second}, here);
      all.insert(all.end(), here.begin(), here.end());
    }
    add_effect({connection, control, column, std::nullopt}, all);
  }

  void add_effect(ConnectivityEffect effect, const std::vector<double>& differences) {
    effect.pairs = differences.size();
    if (differences.empty()) effect.effect = effect.low = effect.high = effect.p = nan;
    else {
      const Interval interval = student_interval(differences);
      effect.effect = interval.mean, effect.low = interval.low, effect.high = interval.high;
      effect.p = sign_flip_p(differences);
    }
    finding_.effects.push_back(effect);
  }

  /// SP's networks of the fewest weights, without options of their own; nothing where there are none.
  std::optional<std::size_t> sparsest_sp() const {
    std::optional<std::size_t> sparsest;
    const auto& connections = finding_.target.connections;
    for (std::size_t c = 0; c < connections.size(); ++c)
      if (connections[c].method == "sp") sparsest = c;  // counts fall in the order of the plan
    return sparsest;
  }

  void judge() {
    const auto sp = sparsest_sp();
    for (std::size_t s = 0; s < finding_.shapes.size() && !finding_.judged_shape; ++s)
      if (finding_.shapes[s].column == finding_.judged_column &&
          (!sp || finding_.shapes[s].connection == *sp))
        finding_.judged_shape = s;
    if (sp) finding_.judged_effect = harder_effect(finding_.effects, *sp, finding_.judged_column);
  }

  const ShapeSettings& settings_;
  RegimeFinding finding_;
  std::map<std::pair<std::size_t, int>, Rows> by_cell_;  ///< by connection and depth
};

}  // namespace

std::optional<std::size_t> harder_effect(std::span<const ConnectivityEffect> effects, std::size_t connection,
                                         std::size_t column) {
  std::optional<std::size_t> harder;
  for (std::size_t e = 0; e < effects.size(); ++e) {
    const ConnectivityEffect& effect = effects[e];
    if (effect.depth || effect.connection != connection || effect.column != column) continue;
    if (!harder || effect.p > effects[*harder].p || (std::isnan(effects[*harder].p) && !std::isnan(effect.p)))
      harder = e;
  }
  return harder;
}

namespace {

/// The cell of one way of connecting, depth and number over all targets; nothing unless every target has it.
std::optional<RegimeCell> pooled_cell(std::span<const RegimeFinding> findings, const Connection& connection,
                                      int depth, std::size_t column) {
  const bool is_loss = regime_columns()[column].name == "loss";
  RegimeCell pooled{0, depth, column, 0, nan, nan, nan, 0, 0, 0, 0};
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
    if (all.cells.size() > before) all.target.connections.push_back(connection);
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
        return one.method == own.method && one.keep == own.keep && one.control == control.method &&
               one.column == effect.column;
      });
      const auto place = static_cast<std::size_t>(found - overall.begin());
      if (found == overall.end()) {
        overall.push_back({own.method, own.keep, control.method, effect.column, 0, 0, 0, 0, 0, 1});
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

std::vector<RegimeFinding> analyse_regime(std::vector<RegimeTarget> targets, const std::string& measure,
                                          const ShapeSettings& settings, const ProgressListener& listener) {
  const std::size_t column = regime_column(measure);
  std::vector<RegimeFinding> findings;
  const auto total = static_cast<std::int64_t>(targets.size());
  for (RegimeTarget& target : targets) {
    if (listener && !listener({"analyse", static_cast<std::int64_t>(findings.size()), total, {}}))
      throw Interrupted("stopped; the same command goes on");
    findings.push_back(TargetAnalysis(std::move(target), column, settings).analyse());
  }
  return findings;
}

}  // namespace skein::experiments
