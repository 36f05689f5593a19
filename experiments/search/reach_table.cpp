#include "experiments/search/reach_table.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "experiments/figures/plots.hpp"
#include "experiments/statistics/spread.hpp"
#include "lib/engine/engine.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

template <class Value>
std::vector<double> collect(const std::vector<const Trial*>& trials, const Value& value) {
  std::vector<double> values;
  for (const Trial* trial : trials) values.push_back(value(*trial));
  return values;
}

Json arm_of_target(const ReachTable& table, Arm arm, std::size_t aim) {
  const auto trials = table.of(arm, aim);
  std::vector<double> scores;
  for (const Trial* trial : trials)
    if (trial->compositional_score) scores.push_back(*trial->compositional_score);
  Json levels = Json::array();
  for (std::size_t level = 0; !trials.empty() && level < trials.front()->course.size(); ++level) {
    const Cost& cost = trials.front()->course[level].cost;
    levels.push_back({{"evaluations", cost.evaluations},
                      {"pictures", cost.pictures},
                      {"error", to_json(spread(collect(
                                    trials, [level](const Trial& t) { return t.course[level].error; })))}});
  }
  return {{"error", to_json(spread(collect(trials, [](const Trial& t) { return t.error(); })))},
          {"loss", to_json(spread(collect(trials, [](const Trial& t) { return t.error() * t.error(); })))},
          {"links",
           to_json(spread(collect(trials, [](const Trial& t) { return static_cast<double>(t.links); })))},
          {"hidden",
           to_json(spread(collect(trials, [](const Trial& t) { return static_cast<double>(t.hidden); })))},
          {"compositional_score", to_json(spread(scores))},
          {"levels", levels}};
}

Json arm_in_all(const ReachTable& table, Arm arm) {
  std::size_t searches = 0, reached = 0;
  Cost cost;
  for (const Trial& trial : table.trials) {
    if (trial.arm != arm) continue;
    ++searches;
    cost = trial.course.back().cost;
    reached += trial.error() <= table.reached;
  }
  return {{"arm", name(arm)},
          {"evaluations", cost.evaluations},
          {"pictures", cost.pictures},
          {"targets_x_seeds", searches},
          {"reached", reached}};
}

/// The first arm's error, and its score, minus the second's, over the targets and seeds that both have.
Json paired(const ReachTable& table, Arm a, Arm b) {
  std::vector<double> errors, scores;
  std::size_t nearer = 0;
  for (const Trial& trial : table.trials) {
    if (trial.arm != a) continue;
    for (const Trial* other : table.of(b, trial.aim)) {
      if (other->seed != trial.seed) continue;
      errors.push_back(trial.error() - other->error());
      nearer += trial.error() < other->error();
      if (trial.compositional_score && other->compositional_score)
        scores.push_back(*trial.compositional_score - *other->compositional_score);
    }
  }
  return {{"arm", name(a)},
          {"against", name(b)},
          {"nearer", nearer},
          {"error_difference", to_json(spread(errors))},
          {"score_difference", to_json(spread(scores))}};
}

}  // namespace

Json to_json(const Trial& trial, const std::vector<Aim>& aims) {
  Json course = Json::array();
  for (const Nearness& at : trial.course) course.push_back({at.cost.evaluations, at.cost.pictures, at.error});
  Json line{{"search", trial.search}, {"target", aims.at(trial.aim).name},
            {"arm", name(trial.arm)}, {"seed", trial.seed},
            {"course", course},       {"hidden", trial.hidden},
            {"links", trial.links}};
  if (trial.compositional_score) line["compositional_score"] = *trial.compositional_score;
  return line;
}

std::optional<Trial> parse_trial(const Json& line, const std::vector<Aim>& aims) {
  const auto aim = std::ranges::find(aims, line.at("target").get<std::string>(), &Aim::name);
  if (aim == aims.end()) return std::nullopt;
  Trial trial{.search = line.at("search"),
              .arm = parse_arm(line.at("arm").get<std::string>()),
              .aim = static_cast<std::size_t>(aim - aims.begin()),
              .seed = line.at("seed"),
              .hidden = line.at("hidden"),
              .links = line.at("links")};
  for (const Json& at : line.at("course")) trial.course.push_back({{at.at(0), at.at(1)}, at.at(2)});
  if (trial.course.empty()) return std::nullopt;
  if (line.contains("compositional_score")) trial.compositional_score = line["compositional_score"];
  return trial;
}

std::vector<const Trial*> ReachTable::of(Arm arm, std::size_t aim) const {
  std::vector<const Trial*> found;
  for (const Trial& trial : trials)
    if (trial.arm == arm && trial.aim == aim) found.push_back(&trial);
  return found;
}

double plain_error(const Picture& target) {
  return std::sqrt(mean_squared_error(mean_colour(target), target));
}

std::string to_csv(const ReachTable& table) {
  std::ostringstream out;
  out.precision(9);
  out << "target,arm,seed,evaluations,pictures,error,loss,reached,hidden,links,compositional_score\n";
  for (const Trial& trial : table.trials)
    for (std::size_t level = 0; level < trial.course.size(); ++level) {
      const auto& [cost, error] = trial.course[level];
      out << Json(table.aims[trial.aim].name).dump() << ',' << name(trial.arm) << ',' << trial.seed << ','
          << cost.evaluations << ',' << cost.pictures << ',' << error << ',' << error * error << ','
          << (error <= table.reached ? 1 : 0) << ',';
      if (level + 1 < trial.course.size()) {
        out << ",,\n";
        continue;
      }
      out << trial.hidden << ',' << trial.links << ',';
      if (trial.compositional_score) out << *trial.compositional_score;
      out << '\n';
    }
  return out.str();
}

Json summary(const ReachTable& table) {
  Json arms = Json::array(), pairs = Json::array(), rows = Json::array();
  for (std::size_t a = 0; a < table.arms.size(); ++a) {
    arms.push_back(arm_in_all(table, table.arms[a]));
    for (std::size_t b = a + 1; b < table.arms.size(); ++b)
      pairs.push_back(paired(table, table.arms[a], table.arms[b]));
  }
  for (std::size_t a = 0; a < table.aims.size(); ++a) {
    Json row{{"target", table.aims[a].name}, {"plain", plain_error(table.aims[a].picture)}};
    for (const Arm arm : table.arms) row[std::string(name(arm))] = arm_of_target(table, arm, a);
    rows.push_back(std::move(row));
  }
  return {{"reached_below", table.reached}, {"arms", arms}, {"pairs", pairs}, {"rows", rows}};
}

Drawing reach_figure(const ReachTable& table) {
  std::vector<Drawing> panels;
  for (std::size_t a = 0; a < table.aims.size(); ++a) {
    std::vector<Series> series;
    double first = 1e18, last = 0;
    for (const Arm arm : table.arms) {
      std::vector<Series> curves;
      for (const Trial* trial : table.of(arm, a)) {
        Series& curve = curves.emplace_back();
        for (const auto& [cost, error] : trial->course) {
          curve.x.push_back(static_cast<double>(cost.pictures)), curve.y.push_back(error);
          first = std::min(first, curve.x.back()), last = std::max(last, curve.x.back());
        }
      }
      series.push_back(spread_of(std::string(name(arm)), curves, static_cast<int>(series.size())));
    }
    const double plain = plain_error(table.aims[a].picture);
    series.push_back({.name = "plain", .x = {first, last}, .y = {plain, plain}, .colour = 6});
    panels.push_back(curve_plot(series, {.title = table.aims[a].name,
                                         .x_label = "pictures drawn",
                                         .y_label = "error, smaller is nearer",
                                         .log_x = true,
                                         .width = 460,
                                         .height = 300}));
  }
  return small_multiples(panels, 3);
}

}  // namespace skein::experiments
