#include "experiments/regime/regime_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "experiments/rows/compare_settings.hpp"
#include "experiments/rows/row_methods.hpp"
#include "experiments/runs/session.hpp"
#include "experiments/statistics/statistics.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double judged_value(const RegimeRow& row, std::size_t column) {
  return regime_columns()[column].judged_value(row.values[column]);
}

/// The networks that a connection's are held against: other wirings of the same count.
bool is_control_of(const Connection& control, const Connection& connection) {
  if (control.keep != connection.keep || control.variant != connection.variant) return false;
  if (connection.method == "retrained") return control.method == "shuffle-evolved";
  const RowMethod* method = find_method(control.method);
  return method && !method->like.empty() && method->like == connection.method;
}

/// The dense networks that a connection's are cut from.
bool is_parent_of(const Connection& dense, const Connection& connection) {
  const RowMethod* method = find_method(connection.method);
  if (!method || !method->is_cut || !method->from_parent || !dense.keep.empty()) return false;
  RowKey key;
  key.method = connection.method, key.variant = connection.variant;
  const RowKey parent = parent_of(key);
  return dense.method == parent.method && dense.variant == parent.variant;
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
          if (is_control_of(connections[other], connections[c])) add_effects(c, other, column, true);
          else if (is_parent_of(connections[other], connections[c])) add_effects(c, other, column, false);
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

  void add_effects(std::size_t connection, std::size_t control, std::size_t column, bool same_count) {
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
      add_effect({.connection = connection,
                  .control = control,
                  .column = column,
                  .depth = cell.second,
                  .same_count = same_count},
                 here);
      all.insert(all.end(), here.begin(), here.end());
    }
    add_effect({.connection = connection,
                .control = control,
                .column = column,
                .depth = std::nullopt,
                .same_count = same_count},
               all);
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
      if (connections[c].method == "sp" && connections[c].variant.empty())
        sparsest = c;  // counts fall in the order of the plan
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
    if (effect.depth || !effect.same_count || effect.connection != connection || effect.column != column)
      continue;
    if (!harder || effect.p > effects[*harder].p || (std::isnan(effects[*harder].p) && !std::isnan(effect.p)))
      harder = e;
  }
  return harder;
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
