#include "experiments/judges/judge_trial.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "experiments/judges/logistic_fit.hpp"
#include "experiments/labels/label_agreement.hpp"
#include "experiments/measures/fractured_twins.hpp"
#include "experiments/measures/sampled_steps.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

constexpr std::size_t fewest_steps = 8;  // of a group, below which nothing is said of it

/// One judge's opinions on a group of steps, item by item.
using Opinions = std::vector<std::vector<double>>;

struct Group {
  std::string name;
  std::vector<SeenStep> steps;
};

Opinions opinions_of(const Group& group, std::size_t judge) {
  std::map<std::size_t, std::vector<double>> by_item;
  for (const SeenStep& step : group.steps)
    if (step.whole[judge]) by_item[step.item].push_back(*step.whole[judge]);
  Opinions opinions;
  for (auto& [item, values] : by_item) opinions.push_back(std::move(values));
  return opinions;
}

std::vector<double> joined(const Opinions& opinions) {
  std::vector<double> all;
  for (const auto& item : opinions) all.insert(all.end(), item.begin(), item.end());
  return all;
}

std::vector<double> drawn_again(const Opinions& opinions, RandomStream& stream) {
  std::vector<double> all;
  for (std::size_t i = 0; i < opinions.size(); ++i) {
    const auto& item = opinions[stream.below(static_cast<std::uint32_t>(opinions.size()))];
    all.insert(all.end(), item.begin(), item.end());
  }
  return all;
}

JudgeTrial trial_of(OfflineJudge judge, const Group& whole, const Group& against, std::uint64_t seed) {
  constexpr int resamples = 1000;
  const auto j = static_cast<std::size_t>(judge);
  const Opinions yes = opinions_of(whole, j), no = opinions_of(against, j);
  const auto yes_all = joined(yes), no_all = joined(no);
  JudgeTrial trial{.judge = std::string(name(judge)),
                   .whole = whole.name,
                   .against = against.name,
                   .whole_steps = yes_all.size(),
                   .against_steps = no_all.size(),
                   .silent = whole.steps.size() + against.steps.size() - yes_all.size() - no_all.size()};
  trial.area = trial.low = trial.high = area_under_curve(yes_all, no_all);
  trial.accuracy = balanced_accuracy(yes_all, no_all);
  if (yes_all.empty() || no_all.empty()) return trial;
  RandomStream stream(seed, "steps of a judge's trial", fnv1a(whole.name + '\n' + against.name));
  std::vector<double> areas;
  for (int r = 0; r < resamples; ++r) {
    const auto first = drawn_again(yes, stream);
    areas.push_back(area_under_curve(first, drawn_again(no, stream)));
  }
  std::ranges::sort(areas);
  trial.low = areas[static_cast<std::size_t>(0.025 * resamples)];
  trial.high = areas[static_cast<std::size_t>(0.975 * resamples) - 1];
  return trial;
}

void add_trials(std::vector<JudgeTrial>& trials, const Group& whole, const Group& against,
                std::uint64_t seed) {
  for (const OfflineJudge judge : offline_judges) trials.push_back(trial_of(judge, whole, against, seed));
}

Group steps_of_subject(const std::string& title, const Subject& subject, const ScoreSettings& settings) {
  const Steps steps = sampled_weights(subject, settings);
  return {title, see_steps(subject.network, subject.weights, steps.items, settings)};
}

/// Directions of all weights with standard normal coefficients, made of length 1.
std::vector<Direction> directions_of_all(std::size_t slots, std::size_t count, std::uint64_t seed) {
  std::vector<Direction> directions;
  for (std::size_t i = 0; i < count; ++i) {
    RandomStream stream(seed, "directions of all weights", i);
    Direction direction;
    double length = 0;
    for (Slot slot = 0; slot < slots; ++slot) {
      direction.emplace_back(slot, static_cast<float>(stream.normal()));
      length += static_cast<double>(direction.back().second) * direction.back().second;
    }
    for (auto& [slot, coefficient] : direction)
      coefficient = static_cast<float>(coefficient / std::sqrt(length));
    directions.push_back(std::move(direction));
  }
  return directions;
}

}  // namespace

std::vector<JudgeTrial> try_judges_on_twins(const sgd::Mlp& mlp, std::uint64_t twin_seed,
                                            const ScoreSettings& settings, const ProgressListener& listener) {
  const auto go_on = [&](std::int64_t done) {
    if (listener && !listener({.stage = "judges",
                               .done = done,
                               .total = 1 + static_cast<std::int64_t>(fractures.size()),
                               .values = {}}))
      throw Error("judges: stopped");
  };
  go_on(0);
  const Group whole = steps_of_subject("network", subject_of(mlp), settings);
  std::vector<JudgeTrial> trials;
  Group all{"all twins", {}};
  std::size_t items = 0;
  for (const Fracture fracture : fractures) {
    go_on(1 + static_cast<std::int64_t>(fracture));
    const Subject subject = subject_of(fractured_twin(mlp, fracture, twin_seed));
    const Group twin = steps_of_subject("twin: " + std::string(name(fracture)), subject, settings);
    add_trials(trials, whole, twin, settings.seed);
    for (SeenStep step : twin.steps) {
      step.item += items;  // no two twins share an item
      all.steps.push_back(step);
    }
    items += subject.weights.size();
  }
  add_trials(trials, whole, all, settings.seed);
  return trials;
}

std::vector<JudgeTrial> try_judges_on_labels(const neat::Genome& genome,
                                             const std::vector<neat::LinkLabel>& labels,
                                             const ScoreSettings& settings) {
  const neat::Phenotype phenotype = neat::express(genome);
  const auto senses = senses_of(genome, labels);
  std::vector<Direction> labelled, others;
  for (Slot slot = 0; slot < phenotype.weights.size(); ++slot)
    (senses[phenotype.link_of_slot[slot]] ? labelled : others).push_back({{slot, 1.0f}});
  if (labelled.empty()) throw ConfigError("none of the labels names an enabled link and says what it does");
  Steps inputs = sampled_directions(subject_of(phenotype.network, phenotype.weights), settings);
  std::erase_if(inputs.items, [](const Direction& direction) { return direction.size() < 2; });
  const auto group = [&](const std::string& title, const std::vector<Direction>& items) {
    return Group{title, see_steps(phenotype.network, phenotype.weights, items, settings)};
  };
  const Group whole = group("labelled links", labelled);
  std::vector<JudgeTrial> trials;
  const Group unnamed = group("other links", others);
  if (unnamed.steps.size() >= fewest_steps) add_trials(trials, whole, unnamed, settings.seed);
  const Group by_units = group("directions of inputs", inputs.items);
  if (by_units.steps.size() >= fewest_steps) add_trials(trials, whole, by_units, settings.seed);
  add_trials(trials, whole,
             group("directions of all weights",
                   directions_of_all(phenotype.weights.size(), labelled.size(), settings.seed)),
             settings.seed);
  return trials;
}

nlohmann::ordered_json to_json(const std::vector<JudgeTrial>& trials) {
  auto rows = nlohmann::ordered_json::array();
  for (const JudgeTrial& trial : trials)
    rows.push_back({{"judge", trial.judge},
                    {"whole", trial.whole},
                    {"against", trial.against},
                    {"whole_steps", trial.whole_steps},
                    {"against_steps", trial.against_steps},
                    {"silent", trial.silent},
                    {"area", trial.area},
                    {"low", trial.low},
                    {"high", trial.high},
                    {"accuracy", trial.accuracy}});
  return rows;
}

std::string to_text(const std::vector<JudgeTrial>& trials) {
  std::string text;
  for (const JudgeTrial& trial : trials) {
    char line[240];
    std::snprintf(
        line, sizeof line,
        "%-10s %-14s against %-26s area %.3f [%.3f, %.3f], accuracy %.3f (%zu and %zu steps, %zu silent)\n",
        trial.judge.c_str(), trial.whole.c_str(), trial.against.c_str(), trial.area, trial.low, trial.high,
        trial.accuracy, trial.whole_steps, trial.against_steps, trial.silent);
    text += line;
  }
  return text;
}

}  // namespace skein::experiments
