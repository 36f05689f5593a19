#include "experiments/changes/visible_change.hpp"

#include <algorithm>
#include <cmath>

#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

/// One search: the change is below the wanted at `low`, at or above it at `high`.
struct Search {
  double low = 0, low_change = 0;
  double high = 0, high_change = 0;
  double next = 0.1;
  bool done = false;
};

void advance(Search& search, double change, const MatchSettings& settings, Match& match) {
  if (!std::isfinite(change)) change = 1;
  match.step = static_cast<float>(search.next);
  match.change = change;
  const bool above = change >= settings.change;
  (above ? search.high : search.low) = search.next;
  (above ? search.high_change : search.low_change) = change;
  if (std::abs(change / settings.change - 1) <= settings.tolerance) {
    match.reached = search.done = true;
  } else if (search.high == 0) {
    if (search.next >= settings.limit) search.done = true;
    const double growth = change > 0 ? std::clamp(settings.change / change, 1.3, 4.0) : 4.0;
    search.next = std::min(settings.limit, search.next * growth);
  } else {
    const double width = search.high - search.low;
    if (width <= 1e-5 * search.high) match.reached = search.done = true;
    const double share = (settings.change - search.low_change) / (search.high_change - search.low_change);
    search.next = search.low + std::clamp(share, 0.1, 0.9) * width;
  }
}

}  // namespace

void MatchSettings::validate() const {
  if (!(change > 0 && change < 1))
    throw ConfigError("visible change " + std::to_string(change) + ": must lie between 0 and 1");
  if (!(tolerance > 0 && tolerance < 1))
    throw ConfigError("tolerance " + std::to_string(tolerance) + ": must lie between 0 and 1");
  if (!(limit > 0) || !std::isfinite(limit)) throw ConfigError("the limit of steps must be above 0");
  if (size < 1 || size > 4096) throw ConfigError("size " + std::to_string(size) + ": must be 1 to 4096");
  if (rounds < 1) throw ConfigError("rounds " + std::to_string(rounds) + ": must be at least 1");
}

Perturbation moved(std::span<const float> weights, const Direction& direction, float step) {
  Perturbation result;
  result.reserve(direction.size());
  for (const auto& [slot, coefficient] : direction)
    result.emplace_back(slot, weights[slot] + step * coefficient);
  return result;
}

double visible_change(const Picture& a, const Picture& b) {
  if (a.rgb.size() != b.rgb.size()) throw ConfigError("visible change between pictures of two sizes");
  double sum = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(static_cast<double>(a.rgb[i]) - b.rgb[i]);
  return a.rgb.empty() ? 0.0 : sum / static_cast<double>(a.rgb.size());
}

std::vector<Match> match_visible_change(const Plan& plan, std::span<const float> weights,
                                        std::span<const Direction> directions,
                                        const MatchSettings& settings) {
  settings.validate();
  const Grid grid{settings.size, settings.size};
  const Picture base = draw(plan, weights, grid);
  std::vector<Match> matches(2 * directions.size());
  std::vector<Search> searches(matches.size());
  for (auto& search : searches) search.next = std::min(search.next, settings.limit);
  for (int round = 0; round < settings.rounds; ++round) {
    std::vector<std::size_t> open;
    std::vector<Perturbation> trials;
    for (std::size_t i = 0; i < searches.size(); ++i) {
      if (searches[i].done) continue;
      open.push_back(i);
      const double sign = i % 2 == 0 ? 1 : -1;
      trials.push_back(moved(weights, directions[i / 2], static_cast<float>(sign * searches[i].next)));
    }
    if (open.empty()) break;
    std::vector<double> changes(open.size());
    draw_perturbed(plan, weights, grid, trials,
                   [&](std::size_t i, Picture&& picture) { changes[i] = visible_change(picture, base); });
    for (std::size_t i = 0; i < open.size(); ++i)
      advance(searches[open[i]], changes[i], settings, matches[open[i]]);
  }
  for (std::size_t i = 0; i < matches.size(); ++i) {
    // Rounds used up with the change bracketed: what lies just above counts.
    if (!searches[i].done && searches[i].high > 0) {
      matches[i] = {static_cast<float>(searches[i].high), searches[i].high_change, true};
    }
    if (i % 2 == 1) matches[i].step = -matches[i].step;
  }
  return matches;
}

}  // namespace skein::experiments
