#include "experiments/landscape/minibatch_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <tuple>

#include "experiments/landscape/optional_numbers.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/median.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;
using NumberOfWalk = std::optional<double> (*)(const MinibatchWalk& walk);

std::string pixels_text(const MinibatchWalk& walk) {
  return walk.pixels == 0 ? "all" : std::to_string(walk.pixels);
}

/// The median over walks of what is known and finite.
std::string median_text(std::span<const MinibatchWalk> walks, NumberOfWalk number_of) {
  std::vector<double> values;
  for (const MinibatchWalk& walk : walks)
    if (const auto value = number_of(walk); value && std::isfinite(*value)) values.push_back(*value);
  return values.empty() ? "-" : number_text(median(values), 3);
}

/// Walks of one network, rate and number of pixels.
std::string walks_line(std::span<const MinibatchWalk> walks) {
  const auto shown = [&](NumberOfWalk number_of) { return median_text(walks, number_of); };
  const std::string moved = shown([](const MinibatchWalk& w) { return std::optional(w.moved); });
  const std::string loss = shown([](const MinibatchWalk& w) { return std::optional(w.loss_after); });
  const std::string score = shown([](const MinibatchWalk& w) { return w.before.score; }) + " to " +
                            shown([](const MinibatchWalk& w) { return w.after.score; });
  const std::string parts = shown([](const MinibatchWalk& w) { return w.before.participation; }) + " to " +
                            shown([](const MinibatchWalk& w) { return w.after.participation; });
  const MinibatchWalk& first = walks.front();
  char line[200];
  std::snprintf(line, sizeof line, "  %-12s %8g %7s %3zu %9s %9s  %-20s  %s\n", first.network.c_str(),
                first.rate, pixels_text(first).c_str(), walks.size(), moved.c_str(), loss.c_str(),
                score.c_str(), parts.c_str());
  return line;
}

}  // namespace

std::string minibatch_csv(const std::string& target, std::span<const MinibatchWalk> walks) {
  Table table({"target", "network", "rate", "pixels", "seed", "state", "moved", "loss_before", "loss_after",
               "score_before", "score_after", "participation_before", "participation_after"});
  for (const MinibatchWalk& w : walks)
    table.add({target, w.network, number_text(w.rate), pixels_text(w), std::to_string(w.seed),
               w.diverged ? "diverged" : "done", number_text(w.moved), number_text(w.loss_before),
               number_text(w.loss_after), optional_text(w.before.score), optional_text(w.after.score),
               optional_text(w.before.participation), optional_text(w.after.participation)});
  return table.csv();
}

Json minibatch_json(std::span<const MinibatchWalk> walks) {
  Json list = Json::array();
  for (const MinibatchWalk& w : walks)
    list.push_back({{"network", w.network},
                    {"rate", w.rate},
                    {"pixels", w.pixels == 0 ? Json("all") : Json(w.pixels)},
                    {"seed", w.seed},
                    {"diverged", w.diverged},
                    {"moved", finite_or_null(w.moved)},
                    {"loss_before", finite_or_null(w.loss_before)},
                    {"loss_after", finite_or_null(w.loss_after)},
                    {"score_before", optional_json(w.before.score)},
                    {"score_after", optional_json(w.after.score)},
                    {"participation_before", optional_json(w.before.participation)},
                    {"participation_after", optional_json(w.after.participation)}});
  return list;
}

std::string minibatch_text(std::span<const MinibatchWalk> walks) {
  if (walks.empty()) return {};
  std::string text =
      "  minibatches      rate  pixels   n     moved      loss  compositional score   parts a step touches\n";
  for (auto first = walks.begin(); first != walks.end();) {
    const auto last = std::find_if(first, walks.end(), [&](const MinibatchWalk& w) {
      return std::tie(w.network, w.rate, w.pixels) != std::tie(first->network, first->rate, first->pixels);
    });
    text += walks_line({first, last});
    first = last;
  }
  return text;
}

}  // namespace skein::experiments
