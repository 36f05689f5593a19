#include "experiments/regime/regime_tables.hpp"

#include "experiments/regime/depth_predictor.hpp"
#include "experiments/regime/regime_overall.hpp"
#include "experiments/statistics/table.hpp"

namespace skein::experiments {
namespace {

std::string own_text(const RegimeTarget& target) {
  return target.own_depth ? std::to_string(*target.own_depth) : "";
}

std::string offset_text(const RegimeTarget& target, int depth) {
  return target.own_depth ? std::to_string(depth - *target.own_depth) : "";
}

}  // namespace

std::string cells_csv(std::span<const RegimeFinding> findings) {
  Table table({"target", "method", "keep", "depth", "offset", "measure", "unit", "n", "mean", "low", "high",
               "blank", "diverged", "failed", "never"});
  for (const RegimeFinding& finding : findings)
    for (const RegimeCell& cell : finding.cells) {
      const Connection& connection = finding.target.connections[cell.connection];
      const RegimeColumn& column = regime_columns()[cell.column];
      table.add({finding.target.name, connection.name(), connection.keep, std::to_string(cell.depth),
                 offset_text(finding.target, cell.depth), column.name, column.unit, std::to_string(cell.n),
                 number_text(cell.mean), number_text(cell.low), number_text(cell.high),
                 std::to_string(cell.blank), std::to_string(cell.diverged), std::to_string(cell.failed),
                 std::to_string(cell.never)});
    }
  return table.csv();
}

std::string shapes_csv(std::span<const RegimeFinding> findings) {
  Table table({"target",     "own_depth",  "method",          "keep",    "measure",   "shape",  "place",
               "low",        "high",       "holds_own_depth", "p",       "p_shallow", "p_deep", "lead",
               "least_lead", "flatness_p", "trend",           "trend_p", "depths",    "seeds",  "all_orders",
               "effect",     "effect_p"});
  for (const RegimeFinding& finding : findings)
    for (const RegimeShape& shape : finding.shapes) {
      const ShapeFinding& f = shape.finding;
      const Connection& connection = finding.target.connections[shape.connection];
      const bool is_known = !f.depths.empty();
      const auto harder = harder_effect(finding.effects, shape.connection, shape.column);
      const ConnectivityEffect* effect = harder ? &finding.effects[*harder] : nullptr;
      table.add({finding.target.name,
                 own_text(finding.target),
                 connection.name(),
                 connection.keep,
                 regime_columns()[shape.column].name,
                 std::string(name(f.shape)),
                 is_known ? std::to_string(f.place) : "",
                 is_known ? std::to_string(f.low) : "",
                 is_known ? std::to_string(f.high) : "",
                 shape.holds_own ? (*shape.holds_own ? "yes" : "no") : "",
                 number_text(f.p, 4),
                 is_known ? number_text(f.p_shallow, 4) : "",
                 is_known ? number_text(f.p_deep, 4) : "",
                 is_known ? number_text(f.lead, 5) : "",
                 is_known ? number_text(f.least_lead, 5) : "",
                 number_text(f.flatness_p, 4),
                 is_known ? number_text(f.trend, 5) : "",
                 is_known ? number_text(f.trend_p, 4) : "",
                 std::to_string(f.depths.size()),
                 std::to_string(f.seeds),
                 f.all_orders ? "yes" : "no",
                 effect ? number_text(effect->effect, 5) : "",
                 effect ? number_text(effect->p, 4) : ""});
    }
  return table.csv();
}

std::string optima_csv_of(std::span<const RegimeFinding> findings) {
  std::vector<MeasuredOptimum> optima;
  for (const RegimeFinding& finding : findings) {
    if (!finding.judged_shape) continue;
    const ShapeFinding& shape = finding.shapes[*finding.judged_shape].finding;
    if (shape.depths.empty()) continue;
    optima.push_back({finding.target.name, finding.target.own_depth, shape.place, shape.low, shape.high,
                      std::string(name(shape.shape)), shape.p, finding.target.picture});
  }
  return optima_csv(optima);
}

std::string connectivity_csv(std::span<const RegimeFinding> findings) {
  Table table(
      {"target", "method", "keep", "against", "measure", "depth", "pairs", "effect", "low", "high", "p"});
  for (const RegimeFinding& finding : findings)
    for (const ConnectivityEffect& effect : finding.effects) {
      const auto& connections = finding.target.connections;
      table.add({finding.target.name, connections[effect.connection].name(),
                 connections[effect.connection].keep, connections[effect.control].name(),
                 regime_columns()[effect.column].name, effect.depth ? std::to_string(*effect.depth) : "all",
                 std::to_string(effect.pairs), number_text(effect.effect, 5), number_text(effect.low, 5),
                 number_text(effect.high, 5), number_text(effect.p, 4)});
    }
  return table.csv();
}

std::string overall_csv(std::span<const RegimeFinding> findings) {
  Table table({"method", "keep", "against", "measure", "targets", "positive", "effect", "low", "high", "p"});
  for (const OverallEffect& one : overall_effects(findings))
    table.add({one.connection.name(), one.connection.keep, one.control.name(),
               regime_columns()[one.column].name, std::to_string(one.targets), std::to_string(one.positive),
               number_text(one.effect, 5), number_text(one.low, 5), number_text(one.high, 5),
               number_text(one.p, 4)});
  return table.csv();
}

}  // namespace skein::experiments
