#include <cstdio>

#include "experiments/validate/validation.hpp"

namespace skein::experiments {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

std::string text_of(const Comparison& comparison) {
  const Interval& i = comparison.interval;
  if (i.count == 0) return "none";
  if (i.count == 1) return number(i.mean) + " (n 1)";
  std::string text = number(i.mean) + " [" + number(i.low) + ", " + number(i.high) + "]";
  switch (comparison.standing) {
    case Standing::factored:
      return text + " **yes**";
    case Standing::other:
      return text + " *wrong*";
    case Standing::inside:
    case Standing::unmeasured:
      break;
  }
  return text;
}

std::string text_of(const TwinTally& twin) {
  constexpr const char* declared[] = {"+", "-", "=", "."};
  return std::string(declared[static_cast<std::size_t>(twin.declared)]) + " (" + std::to_string(twin.raised) +
         " up, " + std::to_string(twin.lowered) + " down)" + (twin.as_declared ? "" : " no");
}

nlohmann::ordered_json json_of(const Comparison& comparison) {
  const Interval& i = comparison.interval;
  return {{"group", comparison.group},
          {"n", i.count},
          {"mean", i.mean},
          {"low", i.low},
          {"high", i.high},
          {"evolved_is", name(comparison.standing)}};
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + "\"";
}

}  // namespace

std::string to_markdown(const std::vector<MeasureTrial>& trials) {
  std::string text = "| measure | side | evolved | trained";
  if (trials.empty()) return {};
  for (const Comparison& control : trials.front().controls) text += " | " + control.group;
  for (const Fracture fracture : fractures) text += " | " + std::string(name(fracture));
  const std::size_t columns = 4 + trials.front().controls.size() + fractures.size();
  text += " |\n|";
  for (std::size_t c = 0; c < columns; ++c) text += "---|";
  text += "\n";
  for (const MeasureTrial& trial : trials) {
    text += "| `" + std::string(trial.measure.name) + "` | " +
            (trial.measure.factored == Side::higher  ? "higher"
             : trial.measure.factored == Side::lower ? "lower"
                                                     : "neither") +
            " | " + (trial.evolved ? number(*trial.evolved) : "none") + " | " +
            text_of(trial.against_trained);
    for (const Comparison& control : trial.controls) text += " | " + text_of(control);
    for (const TwinTally& twin : trial.twins) text += " | " + text_of(twin);
    text += " |\n";
  }
  return text;
}

std::string to_csv(const std::vector<TriedNetwork>& networks) {
  std::string text = "network,role,group,fracture,blank,loss,weights";
  for (const MeasureDefinition& measure : measure_table()) text += "," + std::string(measure.name);
  text += "\n";
  for (const TriedNetwork& network : networks) {
    text += quoted(network.name) + "," + std::string(name(network.role)) + "," + quoted(network.group) + "," +
            (network.role == Role::twin ? std::string(name(network.fracture)) : "") + "," +
            (network.blank ? "1" : "0") + ",";
    char number_text[40];
    if (network.loss) {
      std::snprintf(number_text, sizeof number_text, "%.6g", *network.loss);
      text += number_text;
    }
    text += "," + std::to_string(network.weights);
    for (const MeasuredValue& measure : network.score.measures) {
      text += ",";
      if (!measure.value) continue;
      std::snprintf(number_text, sizeof number_text, "%.6g", *measure.value);
      text += number_text;
    }
    text += "\n";
  }
  return text;
}

nlohmann::ordered_json to_json(const std::vector<MeasureTrial>& trials) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const MeasureTrial& trial : trials) {
    auto& entry = json[std::string(trial.measure.name)];
    entry["evolved"] = trial.evolved ? nlohmann::ordered_json(*trial.evolved) : nlohmann::ordered_json();
    entry["passes"] = trial.passes();
    entry["trained"] = json_of(trial.against_trained);
    entry["controls"] = nlohmann::ordered_json::array();
    for (const Comparison& control : trial.controls) entry["controls"].push_back(json_of(control));
    for (std::size_t f = 0; f < fractures.size(); ++f) {
      const TwinTally& twin = trial.twins[f];
      entry["twins"][std::string(name(fractures[f]))] = {{"of", twin.of},
                                                         {"raised", twin.raised},
                                                         {"lowered", twin.lowered},
                                                         {"as_declared", twin.as_declared}};
    }
  }
  return json;
}

}  // namespace skein::experiments
