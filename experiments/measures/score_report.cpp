#include "experiments/measures/score_report.hpp"

#include <cstdio>

namespace skein::experiments {
namespace {

const char* name(Side side) {
  return side == Side::higher ? "higher" : side == Side::lower ? "lower" : "neither";
}

}  // namespace

nlohmann::ordered_json to_json(const Score& score) {
  nlohmann::ordered_json metrics;
  const auto table = measure_table();
  for (std::size_t i = 0; i < score.measures.size(); ++i) {
    const MeasuredValue& measure = score.measures[i];
    auto& entry = metrics[measure.name];
    if (measure.value) {
      entry = {{"value", *measure.value}, {"low", measure.low}, {"high", measure.high}};
    } else {
      entry = {{"value", nullptr}, {"low", nullptr}, {"high", nullptr}, {"reason", measure.reason}};
    }
    entry["unit"] = measure.unit;
    entry["family"] = name(table[i].family);
    entry["factored"] = name(measure.factored);
    entry["in_verdict"] = measure.in_verdict;
  }
  nlohmann::ordered_json json;
  const MeasuredValue& composition = score.at("compositional_score");
  json["compositional_score"] =
      composition.value ? nlohmann::ordered_json(*composition.value) : nlohmann::ordered_json();
  json["movable"] = score.movable;
  json["sampled"] = score.sampled;
  json["metrics"] = std::move(metrics);
  return json;
}

std::string to_text(const Score& score) {
  std::string text;
  const auto table = measure_table();
  for (std::size_t i = 0; i < score.measures.size(); ++i) {
    const MeasuredValue& measure = score.measures[i];
    if (i == 0 || table[i].family != table[i - 1].family) text += std::string(name(table[i].family)) + "\n";
    char line[256];
    if (measure.value) {
      std::snprintf(line, sizeof line, "  %-30s %9.4f  [%.4f, %.4f] %s%s\n", measure.name.c_str(),
                    *measure.value, measure.low, measure.high, measure.unit.c_str(),
                    measure.factored == Side::neither ? ""
                    : measure.factored == Side::lower ? ", lower is more factored"
                                                      : ", higher is more factored");
    } else {
      std::snprintf(line, sizeof line, "  %-30s       n/a  (%s)\n", measure.name.c_str(),
                    measure.reason.c_str());
    }
    text += line;
  }
  return text + "[..]: 95 % of resamples of " + std::to_string(score.sampled) + " of " +
         std::to_string(score.movable) + " weights, or of units\n";
}

}  // namespace skein::experiments
