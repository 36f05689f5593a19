#include "experiments/validate/validation.hpp"

#include <algorithm>
#include <cmath>

namespace skein::experiments {
namespace {

std::optional<double> value_of(const TriedNetwork& network, std::string_view measure) {
  return network.score.at(measure).value;
}

Comparison compare(const std::optional<double>& evolved, const std::vector<TriedNetwork>& networks,
                   const MeasureDefinition& measure, Role role, const std::string& group) {
  Comparison result{.group = group, .interval = {}};
  std::vector<double> values;
  for (const TriedNetwork& network : networks)
    if (network.role == role && network.group == group && !network.blank)
      if (const auto value = value_of(network, measure.name)) values.push_back(*value);
  if (values.size() == 1) result.interval = {values[0], values[0], values[0], 1};
  if (values.size() < 2) return result;
  result.interval = student_interval(values, true);
  if (!evolved) return result;
  const bool above = *evolved > result.interval.high, below = *evolved < result.interval.low;
  if (!above && !below) result.standing = Standing::inside;
  else if (measure.factored == Side::neither) result.standing = Standing::other;
  else result.standing = above == (measure.factored == Side::higher) ? Standing::factored : Standing::other;
  return result;
}

TwinTally tally(const std::vector<TriedNetwork>& networks, const MeasureDefinition& measure,
                Fracture fracture) {
  TwinTally result;
  result.declared = fracture == Fracture::split    ? measure.twins.split
                    : fracture == Fracture::cancel ? measure.twins.cancel
                                                   : measure.twins.rotate;
  int moved_far = 0;
  for (const TriedNetwork& twin : networks) {
    if (twin.role != Role::twin || twin.fracture != fracture) continue;
    const auto original = std::find_if(networks.begin(), networks.end(), [&](const TriedNetwork& other) {
      return other.role == Role::original && other.group == twin.group;
    });
    if (original == networks.end()) continue;
    const auto before = value_of(*original, measure.name), after = value_of(twin, measure.name);
    if (!before || !after) continue;
    ++result.of;
    result.raised += *after > *before + 1e-9;
    result.lowered += *after < *before - 1e-9;
    moved_far += std::abs(*after - *before) > 0.02 * std::abs(*before);
  }
  switch (result.declared) {
    case Expected::raises:
      result.as_declared = result.raised == result.of;
      break;
    case Expected::lowers:
      result.as_declared = result.lowered == result.of;
      break;
    case Expected::leaves:
      result.as_declared = moved_far == 0;
      break;
    case Expected::either:
      break;
  }
  return result;
}

/// The groups of controls, in the order in which they first appear.
std::vector<std::string> control_groups(const std::vector<TriedNetwork>& networks) {
  std::vector<std::string> groups;
  for (const TriedNetwork& network : networks)
    if (network.role == Role::control &&
        std::find(groups.begin(), groups.end(), network.group) == groups.end())
      groups.push_back(network.group);
  return groups;
}

}  // namespace

std::string_view name(Role role) {
  constexpr std::array<std::string_view, 5> names{"evolved", "trained", "control", "original", "twin"};
  return names[static_cast<std::size_t>(role)];
}

std::string_view name(Standing standing) {
  constexpr std::array<std::string_view, 4> names{"unmeasured", "inside", "factored", "other side"};
  return names[static_cast<std::size_t>(standing)];
}

bool MeasureTrial::passes() const {
  return against_trained.standing == Standing::factored &&
         std::all_of(twins.begin(), twins.end(), [](const TwinTally& twin) { return twin.as_declared; });
}

std::vector<MeasureTrial> try_measures(const std::vector<TriedNetwork>& networks) {
  std::vector<MeasureTrial> trials;
  const auto evolved = std::find_if(networks.begin(), networks.end(),
                                    [](const TriedNetwork& n) { return n.role == Role::evolved; });
  const auto groups = control_groups(networks);
  for (const MeasureDefinition& measure : measure_table()) {
    MeasureTrial trial{.measure = measure, .evolved = {}, .against_trained = {}, .controls = {}, .twins = {}};
    if (evolved != networks.end()) trial.evolved = value_of(*evolved, measure.name);
    trial.against_trained = compare(trial.evolved, networks, measure, Role::trained, "");
    for (const std::string& group : groups)
      trial.controls.push_back(compare(trial.evolved, networks, measure, Role::control, group));
    for (std::size_t f = 0; f < fractures.size(); ++f)
      trial.twins[f] = tally(networks, measure, fractures[f]);
    trials.push_back(std::move(trial));
  }
  return trials;
}

}  // namespace skein::experiments
