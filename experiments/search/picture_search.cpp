#include "experiments/search/picture_search.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "experiments/runs/session.hpp"
#include "neat/operators/start.hpp"
#include "neat/search/hybrid.hpp"
#include "neat/search/picture_goal.hpp"

namespace skein::experiments {
namespace {

constexpr std::array<std::string_view, 6> arm_names{"target-driven", "open-ended",  "lamarckian",
                                                    "baldwinian",    "same-pixels", "same-work"};

neat::Genome first_genome() { return neat::minimal_genome(picture_signature(), Activation::identity); }

std::uint64_t generations_of(const SearchSettings& settings) {
  return std::max<std::uint64_t>(
      1, settings.evaluations / static_cast<std::uint64_t>(settings.variation.population));
}

/// After how many evaluations nearness is told: the whole and its halves.
std::vector<std::uint64_t> milestones(std::uint64_t evaluations, int levels) {
  std::vector<std::uint64_t> at;
  for (int level = levels - 1; level >= 0; --level)
    at.push_back(std::max<std::uint64_t>(1, evaluations >> level));
  return at;
}

void note(std::vector<Nearness>& course, const std::vector<std::uint64_t>& at, std::uint64_t evaluations,
          std::uint64_t pictures_each, double error) {
  while (course.size() < at.size() && evaluations >= at[course.size()])
    course.push_back({{evaluations, evaluations * pictures_each}, error});
}

}  // namespace

std::string_view name(Arm arm) { return arm_names.at(static_cast<std::size_t>(arm)); }

Arm parse_arm(std::string_view text) {
  const auto found = std::ranges::find(arm_names, text);
  if (found != arm_names.end()) return static_cast<Arm>(found - arm_names.begin());
  std::string allowed;
  for (const std::string_view each : arm_names) allowed += (allowed.empty() ? "" : ", ") + std::string(each);
  throw ConfigError("arm \"" + std::string(text) + "\"; allowed: " + allowed);
}

bool is_fitted(Arm arm) { return arm == Arm::lamarckian || arm == Arm::baldwinian; }

Cost cost_of(Arm arm, const SearchSettings& settings) {
  const auto steps = static_cast<std::uint64_t>(settings.fit.steps);
  std::uint64_t evaluations =
      generations_of(settings) * static_cast<std::uint64_t>(settings.variation.population);
  if (arm == Arm::open_ended) evaluations = settings.evaluations;
  if (arm == Arm::same_pixels) evaluations *= steps + 1;
  if (arm == Arm::same_work) evaluations *= 3 * steps + 1;
  return {evaluations, evaluations * (is_fitted(arm) ? steps + 1 : 1)};
}

Found search_for(const Picture& target, Arm arm, const SearchSettings& settings, std::uint64_t seed,
                 const ProgressListener& listener) {
  if (arm == Arm::open_ended) throw ConfigError("an open-ended search is not for one target");
  neat::Goal goal;
  goal.evaluate = neat::likeness_evaluator(target);
  neat::Fit fit;
  if (is_fitted(arm)) {
    fit = bridge::fit_to_picture(target, settings.fit);
    goal.evaluate = neat::fitted_evaluator(
        goal.evaluate, fit,
        arm == Arm::lamarckian ? neat::Inheritance::lamarckian : neat::Inheritance::baldwinian);
  }
  const Cost cost = cost_of(arm, settings);
  const auto at = milestones(cost.evaluations, settings.levels);
  const std::uint64_t pictures_each = cost.pictures / cost.evaluations;
  const auto generations = cost.evaluations / static_cast<std::uint64_t>(settings.variation.population);
  Found found;
  neat::Evolution evolution = neat::begin(settings.variation, first_genome(), true, seed);
  const bool finished = neat::run(
      evolution, settings.variation, goal,
      {.seed = seed, .generations = static_cast<std::uint32_t>(generations)},
      [&](const neat::Evolution&, const neat::GenerationStatistics& now) {
        note(found.course, at, now.evaluations, pictures_each, 1 - now.best_fitness);
      },
      {}, listener);
  if (!finished) throw Interrupted("stopped; the same command goes on after the last finished search");
  const neat::Genome& best = evolution.best->genome;
  found.nearest = arm == Arm::baldwinian ? fit(best) : best;
  return found;
}

std::vector<Found> search_openly(std::span<const Picture> targets, const SearchSettings& settings,
                                 std::uint64_t seed, const ProgressListener& listener) {
  if (targets.empty()) return {};
  neat::MapElitesSettings map_settings{.axes = neat::picture_axes(), .variation = settings.variation};
  map_settings.evaluations = settings.evaluations;
  neat::validate(map_settings);
  const neat::Evaluator evaluate =
      neat::figure_evaluator(targets.front().width, {targets.begin(), targets.end()});
  const auto at = milestones(settings.evaluations, settings.levels);
  std::vector<Found> found(targets.size());
  std::vector<double> least(targets.size(), 1);
  neat::MapElites map;
  while (map.evaluations < settings.evaluations) {
    const std::uint64_t before = map.evaluations;
    neat::step(map, map_settings, first_genome(), true, evaluate, seed);
    for (const auto& [cell, elite] : map.elites) {
      if (elite.found <= before) continue;
      const double* errors = elite.behaviour.data() + (elite.behaviour.size() - targets.size());
      for (std::size_t t = 0; t < targets.size(); ++t)
        if (errors[t] < least[t]) least[t] = errors[t], found[t].nearest = elite.organism.genome;
    }
    for (std::size_t t = 0; t < targets.size(); ++t) note(found[t].course, at, map.evaluations, 1, least[t]);
    if (listener && !listener({"map-elites",
                               static_cast<std::int64_t>(map.evaluations),
                               static_cast<std::int64_t>(settings.evaluations),
                               {}}))
      throw Interrupted("stopped; the same command goes on after the last finished search");
  }
  return found;
}

}  // namespace skein::experiments
