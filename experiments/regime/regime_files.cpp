#include "experiments/regime/regime_files.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "experiments/drawing/figure_file.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/regime/depth_predictor.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

std::string own_text(const RegimeTarget& target) {
  return target.own_depth ? std::to_string(*target.own_depth) : "";
}

std::string offset_text(const RegimeTarget& target, int depth) {
  return target.own_depth ? std::to_string(depth - *target.own_depth) : "";
}

Json offset_of(const RegimeTarget& target, int depth) {
  return target.own_depth ? Json(depth - *target.own_depth) : Json(nullptr);
}

Json peak_json(const RegimeTarget& target, const ShapeFinding& shape) {
  if (shape.depths.empty()) return {{"offset", nullptr}, {"low", nullptr}, {"high", nullptr}, {"p", nullptr}};
  return {{"offset", offset_of(target, shape.place)},
          {"low", offset_of(target, shape.low)},
          {"high", offset_of(target, shape.high)},
          {"p", finite_or_null(shape.p)},
          {"depth", shape.place},
          {"depth_low", shape.low},
          {"depth_high", shape.high},
          {"lead", finite_or_null(shape.lead)},
          {"least_lead", finite_or_null(shape.least_lead)}};
}

Json target_json(const RegimeFinding& finding) {
  const RegimeTarget& target = finding.target;
  Json json{{"name", target.name}, {"depth", target.own_depth ? Json(*target.own_depth) : Json(nullptr)}};
  const ShapeFinding nothing;
  const RegimeShape* judged = finding.judged_shape ? &finding.shapes[*finding.judged_shape] : nullptr;
  const ShapeFinding& shape = judged ? judged->finding : nothing;
  json["shape"] = name(shape.shape);
  json["peak"] = peak_json(target, shape);
  json["connectivity"] = {{"effect", nullptr}, {"low", nullptr}, {"high", nullptr}, {"p", nullptr}};
  if (finding.judged_effect) {
    const ConnectivityEffect& effect = finding.effects[*finding.judged_effect];
    json["connectivity"] = {{"effect", finite_or_null(effect.effect)},
                            {"low", finite_or_null(effect.low)},
                            {"high", finite_or_null(effect.high)},
                            {"p", finite_or_null(effect.p)},
                            {"pairs", effect.pairs},
                            {"against", target.connections[effect.control].label}};
  }
  json["rows"] = target.rows.size();
  json["planned"] = target.planned;
  json["connection"] = judged ? Json(target.connections[judged->connection].label) : Json(nullptr);
  json["flatness_p"] = judged ? finite_or_null(shape.flatness_p) : Json(nullptr);
  json["trend_p"] = judged ? finite_or_null(shape.trend_p) : Json(nullptr);
  json["holds_own_depth"] = judged && judged->holds_own ? Json(*judged->holds_own) : Json(nullptr);
  std::size_t never = 0, blank = 0, diverged = 0, failed = 0;
  for (const RegimeRow& row : target.rows) {
    never += row.never;
    blank += row.status == RowStatus::blank;
    diverged += row.status == RowStatus::diverged;
    failed += row.status == RowStatus::failed;
  }
  json["blank"] = blank, json["diverged"] = diverged, json["failed"] = failed, json["never"] = never;
  return json;
}

/// "@dawn: of 6 networks 2 are blank, 4 never came under the bar", a line; empty where all have their numbers.
std::string without_numbers(const RegimeTarget& target) {
  std::string counts;
  const auto add = [&](auto count, const char* what) {
    if (count > 0) counts += (counts.empty() ? "" : ", ") + std::to_string(count) + what;
  };
  add(std::ranges::count(target.rows, RowStatus::blank, &RegimeRow::status), " draw one colour");
  add(std::ranges::count(target.rows, RowStatus::diverged, &RegimeRow::status), " diverged");
  add(std::ranges::count(target.rows, RowStatus::failed, &RegimeRow::status), " could not be made");
  add(std::ranges::count(target.rows, true, &RegimeRow::never), " never came under the bar");
  if (counts.empty()) return {};
  return target.name + ": without numbers of " + std::to_string(target.rows.size()) + " networks: " + counts +
         "\n";
}

}  // namespace

std::string cells_csv(std::span<const RegimeFinding> findings) {
  Table table({"target", "method", "keep", "depth", "offset", "measure", "unit", "n", "mean", "low", "high",
               "blank", "diverged", "failed", "never"});
  for (const RegimeFinding& finding : findings)
    for (const RegimeCell& cell : finding.cells) {
      const Connection& connection = finding.target.connections[cell.connection];
      const RegimeColumn& column = regime_columns()[cell.column];
      table.add({finding.target.name, connection.method, connection.keep, std::to_string(cell.depth),
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
                 connection.method,
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
      table.add({finding.target.name, connections[effect.connection].method,
                 connections[effect.connection].keep, connections[effect.control].method,
                 regime_columns()[effect.column].name, effect.depth ? std::to_string(*effect.depth) : "all",
                 std::to_string(effect.pairs), number_text(effect.effect, 5), number_text(effect.low, 5),
                 number_text(effect.high, 5), number_text(effect.p, 4)});
    }
  return table.csv();
}

std::string overall_csv(std::span<const RegimeFinding> findings) {
  Table table({"method", "keep", "against", "measure", "targets", "positive", "effect", "low", "high", "p"});
  for (const OverallEffect& one : overall_effects(findings))
    table.add({one.method, one.keep, one.control, regime_columns()[one.column].name,
               std::to_string(one.targets), std::to_string(one.positive), number_text(one.effect, 5),
               number_text(one.low, 5), number_text(one.high, 5), number_text(one.p, 4)});
  return table.csv();
}

Json regime_json(std::span<const RegimeFinding> findings, const RegimeSettings& settings) {
  Json json{{"format", "skein-regime"},    {"version", 1},
            {"measure", settings.measure}, {"match", settings.match},
            {"bar", settings.bar},         {"widths", settings.widths},
            {"seeds", settings.seeds},     {"steps", settings.steps},
            {"size", settings.size}};
  json["targets"] = Json::array();
  std::size_t rows = 0, planned = 0, never = 0;
  for (const RegimeFinding& finding : findings) {
    json["targets"].push_back(target_json(finding));
    rows += finding.target.rows.size();
    planned += finding.target.planned;
    never += json["targets"].back()["never"].get<std::size_t>();
  }
  json["rows"] = rows;
  json["planned"] = planned;
  if (settings.match == "loss")
    json["never_share"] =
        rows == 0 ? Json(nullptr) : Json(static_cast<double>(never) / static_cast<double>(rows));
  return json;
}

std::string regime_text(std::span<const RegimeFinding> findings, const RegimeSettings& settings) {
  char line[256];
  std::string text = settings.measure + " along depth" +
                     (settings.match == "loss" ? ", at a loss of " + number_text(settings.bar, 4) : "") +
                     "\n";
  std::snprintf(line, sizeof line, "%-18s %4s  %-13s %-16s %8s  %-24s %8s %6s\n", "target", "own", "shape",
                "place (95 %)", "p", "SP beyond count (95 %)", "p", "rows");
  text += line;
  for (const RegimeFinding& finding : findings) {
    const RegimeTarget& target = finding.target;
    const ShapeFinding nothing;
    const ShapeFinding& shape =
        finding.judged_shape ? finding.shapes[*finding.judged_shape].finding : nothing;
    char place[64] = "-", shape_p[32] = "-", effect[64] = "-", effect_p[32] = "-";
    if (std::isfinite(shape.p)) std::snprintf(shape_p, sizeof shape_p, "%.4f", shape.p);
    if (!shape.depths.empty())
      std::snprintf(place, sizeof place, "%d (%d to %d)", shape.place, shape.low, shape.high);
    if (finding.judged_effect) {
      const ConnectivityEffect& e = finding.effects[*finding.judged_effect];
      if (std::isfinite(e.effect))
        std::snprintf(effect, sizeof effect, "%+.3f (%+.3f to %+.3f)", e.effect, e.low, e.high);
      if (std::isfinite(e.p)) std::snprintf(effect_p, sizeof effect_p, "%.4f", e.p);
    }
    std::snprintf(line, sizeof line, "%-18s %4s  %-13s %-16s %8s  %-24s %8s %6zu\n",
                  target.name.substr(0, 18).c_str(), target.own_depth ? own_text(target).c_str() : "-",
                  std::string(name(shape.shape)).c_str(), place, shape_p, effect, effect_p,
                  target.rows.size());
    text += line;
  }
  for (const RegimeFinding& finding : findings) text += without_numbers(finding.target);
  return text;
}

void write_regime(const fs::path& run, std::span<const RegimeFinding> findings,
                  const RegimeSettings& settings) {
  write_file(run / "regime.csv", cells_csv(findings));
  write_file(run / "shapes.csv", shapes_csv(findings));
  write_file(run / "connectivity.csv", connectivity_csv(findings));
  write_file(run / "overall.csv", overall_csv(findings));
  write_file(run / "optima.csv", optima_csv_of(findings));
  write_file(run / "regime.json", json_text(regime_json(findings, settings), 1) + "\n");
  make_folder(run / "figures");
  const auto write = [&](const std::string& what, const Drawing& figure) {
    for (const char* ending : {".png", ".svg", ".pdf"})
      write_figure(run / "figures" / ("regime_" + what + ending), figure);
  };
  for (const RegimeFinding& finding : findings) write(file_name(finding.target.name), regime_figure(finding));
  if (const auto all = over_targets(findings)) {
    write_file(run / "regime_all.csv", cells_csv({&*all, 1}));
    write("all_targets", regime_figure_of_all(*all));
  }
}

}  // namespace skein::experiments
