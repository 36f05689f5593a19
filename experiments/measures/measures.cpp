#include "experiments/measures/measures.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "experiments/measures/measure_functions.hpp"
#include "experiments/measures/sampled_steps.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

/// Item numbers by layer: what is drawn again, layer by layer, in a resample.
std::vector<std::vector<std::uint32_t>> strata_of(const Evidence& evidence, Domain domain) {
  const auto* layers = domain == Domain::weights      ? &evidence.weights.layer
                       : domain == Domain::directions ? &evidence.directions.layer
                       : domain == Domain::units      ? &evidence.unit_layer
                                                      : nullptr;
  if (domain == Domain::noise) {
    std::vector<std::uint32_t> draws(evidence.noise_changes.size());
    std::iota(draws.begin(), draws.end(), 0u);
    return {draws};
  }
  if (!layers) return {};
  std::map<std::int32_t, std::vector<std::uint32_t>> by_layer;
  for (std::size_t i = 0; i < layers->size(); ++i)
    by_layer[(*layers)[i]].push_back(static_cast<std::uint32_t>(i));
  std::vector<std::vector<std::uint32_t>> strata;
  for (auto& [layer, items] : by_layer) strata.push_back(std::move(items));
  return strata;
}

std::vector<std::uint32_t> resample(const std::vector<std::vector<std::uint32_t>>& strata,
                                    RandomStream stream) {
  std::vector<std::uint32_t> sample;
  for (const auto& items : strata)
    for (std::size_t i = 0; i < items.size(); ++i)
      sample.push_back(items[stream.below(static_cast<std::uint32_t>(items.size()))]);
  std::sort(sample.begin(), sample.end());
  return sample;
}

/// Whether a weight of the network's own is used in more than one place.
bool shares_weights(const Subject& subject) {
  std::vector<std::uint8_t> met(subject.weights.size(), 0);
  return std::ranges::any_of(subject.network.edges(), [&](const Edge& edge) {
    return subject.movable[edge.slot] && met[edge.slot]++;
  });
}

std::string why_nothing(const Evidence& evidence, const MeasureDefinition& measure) {
  const Domain domain = measure.domain;
  if (!evidence.finite) return "the picture is not made of finite numbers";
  if (measure.family == Family::parts && !evidence.settings.parts) return "the picture's parts are not known";
  if (domain == Domain::units && evidence.units.size() < 2) return "fewer than two units of its own";
  if (evidence.movable == 0) return "no weight of its own";
  const auto reached = std::count_if(evidence.weights.effects.begin(), evidence.weights.effects.end(),
                                     [](const Effect& effect) { return effect.match.reached; });
  if (reached == 0) return "no weight changes the picture visibly";
  if (measure.family == Family::parts) return "no step shows in a part that this could be measured on";
  return "too few weights or units to measure it";
}

MeasuredValue measured(const MeasureDefinition& measure, const Evidence& evidence, bool shared) {
  MeasuredValue result{.name = std::string(measure.name),
                       .value = {},
                       .unit = std::string(measure.unit),
                       .factored = measure.factored,
                       .in_verdict = measure.in_verdict,
                       .reason = {}};
  if (measure.by_place && shared) {
    result.reason = "its rounds share their weights, which have no one layer, source or target";
    return result;
  }
  if (measure.family == Family::parts && evidence.settings.parts && evidence.settings.parts->count() < 2) {
    result.reason = "the picture is one part: there is nothing to tell apart";
    return result;
  }
  const auto strata = strata_of(evidence, measure.domain);
  std::vector<std::uint32_t> all;
  for (const auto& items : strata) all.insert(all.end(), items.begin(), items.end());
  std::sort(all.begin(), all.end());
  result.value = measure.value(evidence, all);
  if (result.value && !std::isfinite(*result.value)) result.value.reset();
  if (!result.value) {
    result.reason = why_nothing(evidence, measure);
    return result;
  }
  result.low = result.high = *result.value;
  if (measure.domain == Domain::whole || evidence.settings.resamples == 0) return result;
  const auto count = static_cast<std::size_t>(evidence.settings.resamples);
  std::vector<std::optional<double>> values(count);
  parallel_for(count, [&](std::size_t i) {
    values[i] = measure.value(evidence, resample(strata, {evidence.settings.seed, measure.name, i}));
  });
  std::vector<double> found;
  for (const auto& value : values)
    if (value && std::isfinite(*value)) found.push_back(*value);
  if (found.empty()) return result;
  std::sort(found.begin(), found.end());
  const auto at = [&](double share) {
    return found[static_cast<std::size_t>(std::lround(share * static_cast<double>(found.size() - 1)))];
  };
  result.low = std::min(at(0.025), *result.value);
  result.high = std::max(at(0.975), *result.value);
  return result;
}

}  // namespace

std::string_view name(Family family) {
  constexpr std::array<std::string_view, 7> names{"composition", "factors",    "fracture", "entanglement",
                                                  "maps",        "robustness", "parts"};
  return names[static_cast<std::size_t>(family)];
}

const MeasuredValue& Score::at(std::string_view wanted) const {
  for (const MeasuredValue& measure : measures)
    if (measure.name == wanted) return measure;
  throw ConfigError("there is no measure called '" + std::string(wanted) + "'");
}

Score score(const Evidence& evidence) {
  Score result{.measures = {}, .movable = evidence.movable, .sampled = evidence.weights.count()};
  const bool shared = shares_weights(evidence.subject);
  for (const MeasureDefinition& measure : measure_table())
    result.measures.push_back(measured(measure, evidence, shared));
  return result;
}

Score score(const Subject& subject, const ScoreSettings& settings, const ProgressListener& listener) {
  return score(gather(subject, settings, listener));
}

std::optional<double> participation_of(const Subject& subject, const ScoreSettings& settings) {
  if (!settings.parts) throw ConfigError("participation: the parts of the picture are not known");
  settings.validate();
  if (settings.parts->count() < 2) return {};
  Evidence evidence;
  evidence.weights = sampled_weights(subject, settings);
  const Plan plan(subject.network);
  evidence.parts =
      part_changes(plan, subject.weights, evidence.weights.items, *settings.parts, settings.seed);
  std::vector<std::uint32_t> all(evidence.weights.count());
  std::iota(all.begin(), all.end(), 0u);
  return measure::participation(evidence, all);
}

}  // namespace skein::experiments
