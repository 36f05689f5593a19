#include "experiments/regime/regime_files.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "experiments/drawing/figure_file.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/regime/regime_overall.hpp"
#include "experiments/regime/regime_tables.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

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
    const std::string own = target.own_depth ? std::to_string(*target.own_depth) : "-";
    std::snprintf(line, sizeof line, "%-18s %4s  %-13s %-16s %8s  %-24s %8s %6zu\n",
                  target.name.substr(0, 18).c_str(), own.c_str(), std::string(name(shape.shape)).c_str(),
                  place, shape_p, effect, effect_p, target.rows.size());
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
    write_file(run / "shapes_all.csv", shapes_csv({&*all, 1}));
    write("all_targets", regime_figure_of_all(*all));
  }
}

}  // namespace skein::experiments
