#include "experiments/basin/basin_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "experiments/landscape/optional_numbers.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/statistics/table.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

constexpr double shown_quantiles[] = {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};

const ArrivalGroup* group_of(const BasinFindings& findings, const std::string& wiring) {
  const auto found = std::ranges::find(findings.inside, wiring, &ArrivalGroup::wiring);
  return found == findings.inside.end() ? nullptr : &*found;
}

/// "0.12 [0.11, 0.14]"; what lies beyond the noises tried says so.
std::string half_way_text(const Radius& radius) {
  const HalfWay& half = radius.half_way;
  char text[96];
  if (half.value == 0) std::snprintf(text, sizeof text, "below the least noise (at most %.3g)", half.high);
  else if (std::isinf(half.value))
    std::snprintf(text, sizeof text, "above the greatest noise (at least %.3g)", half.low);
  else std::snprintf(text, sizeof text, "%.3g [%.3g, %.3g]", half.value, half.low, half.high);
  return text;
}

Json census_json(const BasinFindings& findings, const CensusCell& cell) {
  Json json{{"name", cell.wiring},
            {"weights", cell.weights},
            {"starts", cell.starts.size()},
            {"arrived", cell.arrived},
            {"share", cell.share.value},
            {"low", cell.share.low},
            {"high", cell.share.high},
            {"diverged", std::ranges::count(cell.starts, true, &StartResult::diverged)},
            {"least_loss", finite_or_null(cell.loss_quantile(0))},
            {"median_loss", finite_or_null(cell.loss_quantile(0.5))}};
  const ArrivalGroup* group = group_of(findings, cell.wiring);
  json["measured"] = group ? group->arrivals.size() : 0;
  json["solutions"] = group ? Json(group->solutions) : Json();
  json["alikeness"] = group ? optional_json(group->alikeness) : Json();
  return json;
}

Json radius_json(const Radius& radius) {
  const HalfWay& half = radius.half_way;
  Json json{{"network", radius.network},
            {"where", radius.where},
            {"half_way", half.value > 0 ? finite_or_null(half.value) : Json()},
            {"low", half.low},
            {"high", finite_or_null(half.high)},
            {"weights", radius.weights},
            {"own_loss", finite_or_null(radius.own_loss)},
            {"bar", finite_or_null(radius.bar)},
            {"noise", Json::array()}};
  for (const RadiusPoint& point : radius.points)
    json["noise"].push_back({{"noise", point.noise},
                             {"copies", point.copies.size()},
                             {"returned", point.returned},
                             {"share", point.share.value},
                             {"low", point.share.low},
                             {"high", point.share.high}});
  return json;
}

Json mechanisms_json(const Mechanisms& m) {
  return {{"network", m.network},
          {"weights", m.weights},
          {"loss", finite_or_null(m.loss)},
          {"hessian_trace", finite_or_null(m.trace.value)},
          {"trace_error", finite_or_null(m.trace.error)},
          {"sam_gap", finite_or_null(m.sam_gap)},
          {"path_norm", finite_or_null(m.path_norm)},
          {"weight_norm", finite_or_null(m.weight_norm)},
          {"log_volume", m.volume ? finite_or_null(m.volume->log_volume) : Json()},
          {"overlap", m.overlap},
          {"overlap_null", m.overlap_null},
          {"overlap_random", m.overlap_random},
          {"greatest_overlap", m.greatest_overlap},
          {"overlap_as_sp", optional_json(m.overlap_as_sp)},
          {"greatest_as_sp", optional_json(m.greatest_as_sp)},
          {"parts_overlap", optional_json(m.parts_overlap)},
          {"parts_bound", optional_json(m.parts_bound)}};
}

}  // namespace

std::string starts_csv(const BasinFindings& findings) {
  Table table({"wiring", "start", "weights", "first_loss", "loss", "best_loss", "steps", "arrived", "state"});
  for (const CensusCell& cell : findings.census)
    for (const StartResult& start : cell.starts)
      table.add({cell.wiring, std::to_string(start.index), std::to_string(cell.weights),
                 number_text(start.first_loss), number_text(start.loss), number_text(start.best_loss),
                 std::to_string(start.steps), start.arrived(findings.bar) ? "1" : "0",
                 start.diverged ? "diverged" : "done"});
  return table.csv();
}

std::string census_csv(const BasinFindings& findings) {
  Table table({"target",      "bar",      "plain_loss", "wiring",   "weights",  "starts",    "arrived",
               "share",       "low",      "high",       "diverged", "loss_min", "loss_q05",  "loss_q25",
               "loss_median", "loss_q75", "loss_q95",   "loss_max", "measured", "solutions", "alikeness"});
  for (const CensusCell& cell : findings.census) {
    std::vector<std::string> line{
        findings.target,
        number_text(findings.bar),
        number_text(findings.plain_loss),
        cell.wiring,
        std::to_string(cell.weights),
        std::to_string(cell.starts.size()),
        std::to_string(cell.arrived),
        number_text(cell.share.value),
        number_text(cell.share.low),
        number_text(cell.share.high),
        std::to_string(std::ranges::count(cell.starts, true, &StartResult::diverged))};
    for (const double quantile : shown_quantiles) line.push_back(number_text(cell.loss_quantile(quantile)));
    const ArrivalGroup* group = group_of(findings, cell.wiring);
    line.push_back(std::to_string(group ? group->arrivals.size() : 0));
    line.push_back(group ? std::to_string(group->solutions) : "");
    line.push_back(group ? optional_text(group->alikeness) : "");
    table.add(std::move(line));
  }
  return table.csv();
}

std::string arrivals_csv(const BasinFindings& findings) {
  Table table({"target", "wiring", "start", "compositional_score", "score_low", "score_high", "participation",
               "edge_f1", "edge_f1_chance", "matched_units", "solution"});
  for (const ArrivalGroup& group : findings.inside)
    for (const ArrivalMeasures& a : group.arrivals)
      table.add({findings.target, group.wiring, std::to_string(a.index), optional_text(a.score),
                 optional_text(a.score_low), optional_text(a.score_high), optional_text(a.participation),
                 optional_text(a.edge_f1), optional_text(a.edge_f1_chance), optional_text(a.matched),
                 std::to_string(a.solution)});
  return table.csv();
}

std::string radius_csv(const BasinFindings& findings) {
  Table table({"target", "network", "where", "weights", "own_loss", "bar", "noise", "copies", "returned",
               "share", "low", "high", "median_disturbed_loss"});
  for (const Radius& radius : findings.radius)
    for (const RadiusPoint& point : radius.points)
      table.add({findings.target, radius.network, radius.where, std::to_string(radius.weights),
                 number_text(radius.own_loss), number_text(radius.bar), number_text(point.noise),
                 std::to_string(point.copies.size()), std::to_string(point.returned),
                 number_text(point.share.value), number_text(point.share.low), number_text(point.share.high),
                 number_text(point.disturbed_loss)});
  return table.csv();
}

std::string half_way_csv(const BasinFindings& findings) {
  Table table({"target", "network", "where", "weights", "half_way", "low", "high"});
  for (const Radius& radius : findings.radius) {
    const HalfWay& half = radius.half_way;
    table.add({findings.target, radius.network, radius.where, std::to_string(radius.weights),
               half.value > 0 ? number_text(half.value) : "", number_text(half.low), number_text(half.high)});
  }
  return table.csv();
}

Json basin_json(const BasinFindings& findings) {
  Json json{{"target", findings.target}, {"bar", findings.bar}, {"plain_loss", findings.plain_loss}};
  json["wirings"] = Json::array();
  for (const CensusCell& cell : findings.census) json["wirings"].push_back(census_json(findings, cell));
  json["radius"] = Json::array();
  for (const Radius& radius : findings.radius) json["radius"].push_back(radius_json(radius));
  json["mechanisms"] = Json::array();
  for (const Mechanisms& one : findings.mechanisms) json["mechanisms"].push_back(mechanisms_json(one));
  json["minibatches"] = minibatch_json(findings.walks);
  return json;
}

std::string basin_text(const BasinFindings& findings) {
  char line[240];
  std::snprintf(line, sizeof line, "%s: a start arrives at a loss of %.4g or less (one colour: %.4g)\n",
                findings.target.c_str(), findings.bar, findings.plain_loss);
  std::string text = line;
  text +=
      "  wiring            weights  starts  arrived   share  [95 %]            least and median loss  "
      "solutions\n";
  for (const CensusCell& cell : findings.census) {
    const ArrivalGroup* group = group_of(findings, cell.wiring);
    std::snprintf(line, sizeof line, "  %-16s %8lld %7zu %8llu  %6.2f%% [%.2f, %.2f] %%  %9.4g %9.4g  %9s\n",
                  cell.wiring.c_str(), static_cast<long long>(cell.weights), cell.starts.size(),
                  static_cast<unsigned long long>(cell.arrived), 100 * cell.share.value, 100 * cell.share.low,
                  100 * cell.share.high, cell.loss_quantile(0), cell.loss_quantile(0.5),
                  group ? std::to_string(group->solutions).c_str() : "");
    text += line;
  }
  if (!findings.radius.empty()) text += "  relative noise from which half return\n";
  for (const Radius& radius : findings.radius) {
    std::snprintf(line, sizeof line, "  %-16s %-24s %s\n", radius.network.c_str(), radius.where.c_str(),
                  half_way_text(radius).c_str());
    text += line;
  }
  if (!findings.mechanisms.empty())
    text +=
        "  network, rescalings balanced   weights    trace   SAM gap  path norm  norm  log volume  overlap "
        "(random)\n";
  for (const Mechanisms& m : findings.mechanisms) {
    std::snprintf(line, sizeof line, "  %-28s %9zu %8.4g %9.4g %10.4g %5.4g %11s  %.3f (%.3f)\n",
                  m.network.c_str(), m.weights, m.trace.value, m.sam_gap, m.path_norm, m.weight_norm,
                  m.volume ? number_text(m.volume->log_volume, 4).c_str() : "", m.overlap, m.overlap_random);
    text += line;
  }
  return text + minibatch_text(findings.walks);
}

}  // namespace skein::experiments
