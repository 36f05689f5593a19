#include "experiments/practice/practice_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "experiments/records/json_file.hpp"
#include "experiments/statistics/table.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const std::optional<double>& value) { return value ? number_text(*value) : ""; }
Json json_of(const std::optional<double>& value) { return value ? finite_or_null(*value) : Json(); }

Json json_of(const Share& share) {
  return {{"value", share.value}, {"low", share.low}, {"high", share.high}};
}

std::size_t arrivals_of(const PracticeCell& cell) {
  return static_cast<std::size_t>(std::ranges::count(cell.starts, true, &PracticeStart::arrived));
}

/// What an agreement is about, for people.
const char* words_for(const Agreement& agreement) {
  return agreement.practice == "arrived"    ? "the share of trainings that arrive"
         : agreement.practice == "factored" ? "the share that arrive factored"
                                            : "how few parts a step of an arrival touches";
}

}  // namespace

std::string practice_csv(const PracticeFindings& findings) {
  Table table({"width", "depth", "theory", "theory_low", "theory_high", "starts", "arrived", "arrived_low",
               "arrived_high", "factored", "factored_low", "factored_high", "participation_median"});
  for (const PracticeCell& cell : findings.cells) {
    std::vector<std::string> fields{std::to_string(cell.width), std::to_string(cell.depth)};
    const auto add = [&](const Share& share) {
      for (const double value : {share.value, share.low, share.high}) fields.push_back(number_text(value));
    };
    add(cell.theory);
    fields.push_back(std::to_string(cell.starts.size()));
    add(cell.arrived), add(cell.factored);
    fields.push_back(text_of(cell.median_participation));
    table.add(std::move(fields));
  }
  return table.csv();
}

std::string practice_starts_csv(const PracticeFindings& findings) {
  Table table({"width", "depth", "target", "start", "best_loss", "steps", "arrived", "participation"});
  for (const PracticeCell& cell : findings.cells)
    for (const PracticeStart& start : cell.starts)
      table.add({std::to_string(cell.width), std::to_string(cell.depth), start.target,
                 std::to_string(start.result.index), number_text(start.result.best_loss),
                 std::to_string(start.result.steps), start.arrived ? "1" : "0",
                 text_of(start.participation)});
  return table.csv();
}

std::string agreement_csv(const PracticeFindings& findings) {
  Table table({"practice", "cells", "rank_correlation", "low", "high"});
  for (const Agreement& agreement : findings.agreement)
    table.add({agreement.practice, std::to_string(agreement.cells), text_of(agreement.correlation),
               text_of(agreement.low), text_of(agreement.high)});
  return table.csv();
}

Json practice_json(const PracticeFindings& findings, const PracticeSettings& settings) {
  Json cells = Json::array(), agreement = Json::array();
  for (const PracticeCell& cell : findings.cells)
    cells.push_back({{"width", cell.width},
                     {"depth", cell.depth},
                     {"compositional", cell.theory.value},
                     {"low", cell.theory.low},
                     {"high", cell.theory.high},
                     {"starts", cell.starts.size()},
                     {"arrivals", arrivals_of(cell)},
                     {"arrived", json_of(cell.arrived)},
                     {"factored", json_of(cell.factored)},
                     {"participation", json_of(cell.median_participation)}});
  for (const Agreement& one : findings.agreement)
    agreement.push_back({{"practice", one.practice},
                         {"cells", one.cells},
                         {"rank_correlation", json_of(one.correlation)},
                         {"low", json_of(one.low)},
                         {"high", json_of(one.high)}});
  return {{"primitives", settings.law.sources},
          {"levels", settings.levels},
          {"samples", settings.samples},
          {"bar_share", settings.bar_share},
          {"factored_at_most", settings.factored},
          {"cells", cells},
          {"agreement", agreement}};
}

std::string practice_text(const PracticeFindings& findings, const PracticeSettings& settings) {
  char line[160];
  std::snprintf(line, sizeof line, "%5s %5s  %8s  %18s  %18s  %s\n", "width", "depth", "theory", "arrived",
                "factored", "parts a step touches");
  std::string text = line;
  for (const PracticeCell& cell : findings.cells) {
    const auto share = [](const Share& one) {
      char part[40];
      std::snprintf(part, sizeof part, "%.3f [%.3f %.3f]", one.value, one.low, one.high);
      return std::string(part);
    };
    std::snprintf(line, sizeof line, "%5d %5d  %8.4f  %18s  %18s  %s\n", cell.width, cell.depth,
                  cell.theory.value, share(cell.arrived).c_str(), share(cell.factored).c_str(),
                  cell.median_participation ? number_text(*cell.median_participation, 3).c_str() : "-");
    text += line;
  }
  for (const Agreement& one : findings.agreement) {
    text += "rank correlation of the theory with " + std::string(words_for(one)) + ": ";
    if (!one.correlation) {
      text += "not defined (it is the same in all of " + std::to_string(one.cells) + " cells)\n";
      continue;
    }
    std::snprintf(line, sizeof line, "%.2f [%.2f %.2f] over %zu cells\n", *one.correlation,
                  one.low.value_or(std::nan("")), one.high.value_or(std::nan("")), one.cells);
    text += line;
  }
  std::snprintf(line, sizeof line,
                "factored: a step on a weight touches at most %.3g of the parts (median)\n",
                settings.factored);
  return text + line;
}

}  // namespace skein::experiments
