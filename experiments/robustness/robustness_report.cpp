#include "experiments/robustness/robustness_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "experiments/records/json_file.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/sound_text.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

Json shares_json(const LostShares& lost) {
  return {{"lost", lost.weight}, {"lost_random", lost.random}, {"lost_shifted", lost.shifted}};
}

std::vector<std::string> shift_names(const std::vector<ShiftError>& errors) {
  std::vector<std::string> names;
  for (const ShiftError& one : errors)
    if (names.empty() || names.back() != one.shift) names.push_back(one.shift);
  return names;
}

}  // namespace

Json to_json(const RobustNetwork& network) {
  const HiddenLosses& hidden = network.hidden;
  Json json{{"network", network.name},
            {"nonzero", network.nonzero},
            {"loss", finite_or_null(hidden.loss)},
            {"movable", hidden.movable},
            {"moved", hidden.moved}};
  json.update(shares_json(hidden.mean));
  json["others"] = hidden.others;
  json["parts"] = Json::array();
  for (const HiddenLoss& part : hidden.parts) {
    Json one{{"name", part.part}, {"price", part.price}};
    one.update(shares_json(part.lost));
    one["others"] = part.others;
    one["change"] = part.slot ? Json(name(part.change)) : Json();
    one["removed_r2"] = part.explained[0];
    one["moved_r2"] = part.explained[1];
    one["recoloured_r2"] = part.explained[2];
    one["loss_change"] = part.loss_change;
    one["from"] = part.slot ? Json(part.from) : Json();
    one["to"] = part.slot ? Json(part.to) : Json();
    json["parts"].push_back(std::move(one));
  }
  json["shifts"] = Json::object();
  for (const std::string& shift : shift_names(network.shifts)) {
    Json one{{"median", finite_or_null(median_error(network.shifts, shift))}, {"parts", Json::object()}};
    for (const ShiftError& error : network.shifts)
      if (error.shift == shift)
        one["parts"][error.part] = error.error ? finite_or_null(*error.error) : Json();
    json["shifts"][shift] = std::move(one);
  }
  return json;
}

std::string hidden_losses_csv(const std::vector<RobustNetwork>& networks) {
  Table table(
      {"network", "part", "price", "budget", "loss_change", "lost", "lost_random", "lost_shifted", "most"});
  for (const RobustNetwork& network : networks)
    for (const HiddenLoss& part : network.hidden.parts)
      for (std::size_t i = 0; i < budget_count; ++i) {
        const double budget = budget_of(i), change = budget * part.price;
        table.add({network.name, part.part, number_text(part.price), number_text(budget), number_text(change),
                   number_text(part.curve[i].weight), number_text(part.curve[i].random),
                   number_text(part.curve[i].shifted),
                   number_text(std::min(1.0, change / part.concentrated))});
      }
  return table.csv();
}

std::string worst_steps_csv(const std::vector<RobustNetwork>& networks) {
  Table table({"network", "part", "price", "lost", "lost_random", "lost_shifted", "loss_change", "others",
               "change", "removed_r2", "moved_r2", "recoloured_r2", "from", "to"});
  for (const RobustNetwork& network : networks)
    for (const HiddenLoss& part : network.hidden.parts)
      table.add({network.name, part.part, number_text(part.price), number_text(part.lost.weight),
                 number_text(part.lost.random), number_text(part.lost.shifted), number_text(part.loss_change),
                 number_text(part.others), part.slot ? std::string(name(part.change)) : "",
                 number_text(part.explained[0]), number_text(part.explained[1]),
                 number_text(part.explained[2]), part.slot ? number_text(static_cast<double>(part.from)) : "",
                 part.slot ? number_text(static_cast<double>(part.to)) : ""});
  return table.csv();
}

std::string shift_errors_csv(const std::vector<RobustNetwork>& networks) {
  Table table({"network", "shift", "part", "samples", "variance", "error"});
  for (const RobustNetwork& network : networks)
    for (const ShiftError& one : network.shifts)
      table.add({network.name, one.shift, one.part, std::to_string(one.samples), number_text(one.variance),
                 one.error ? number_text(*one.error) : ""});
  return table.csv();
}

std::string to_text(const std::vector<RobustNetwork>& networks) {
  std::string text;
  char line[240];
  for (const RobustNetwork& network : networks) {
    std::snprintf(line, sizeof line, "%s: %zu weights, loss %.3g, %zu moved\n", network.name.c_str(),
                  network.nonzero, network.hidden.loss, network.hidden.moved);
    text += line;
    text += "  part                         price   lost  random  shifted  others  what becomes of it\n";
    for (const HiddenLoss& part : network.hidden.parts) {
      std::snprintf(line, sizeof line, "  %s %7.2g %6.3f  %6.3f  %7.3f  %6.3f  %s\n",
                    table_cell(part.part, 26).c_str(), part.price, part.lost.weight, part.lost.random,
                    part.lost.shifted, part.others,
                    part.slot ? std::string(name(part.change)).c_str() : "nothing");
      text += line;
    }
    std::snprintf(line, sizeof line, "  %-26s         %6.3f  %6.3f  %7.3f  %6.3f\n", "mean",
                  network.hidden.mean.weight, network.hidden.mean.random, network.hidden.mean.shifted,
                  network.hidden.others);
    text += line;
    for (const std::string& shift : shift_names(network.shifts)) {
      std::snprintf(line, sizeof line, "  %-16s error over a plain colour's, median of parts %8.3g",
                    shift.c_str(), median_error(network.shifts, shift));
      text += line;
      if (const double beyond = error_of(network.shifts, shift, beyond_name); !std::isnan(beyond)) {
        std::snprintf(line, sizeof line, "; %s %8.3g", beyond_name, beyond);
        text += line;
      }
      text += "\n";
    }
  }
  return text;
}

}  // namespace skein::experiments
