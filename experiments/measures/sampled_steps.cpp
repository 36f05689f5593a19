#include "experiments/measures/sampled_steps.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <tuple>

#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

/// An item to sample: where it counts, and a number that does not know its place among the others.
struct Candidate {
  std::int32_t layer = 0;
  std::uint64_t key = 0;
  std::uint32_t index = 0;
};

/// `count` of the candidates: every layer's share is proportional to its size (largest remainders), and
/// within a layer the lowest keys win. In the order (layer, key, index).
std::vector<Candidate> stratified(std::vector<Candidate> candidates, std::size_t count) {
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.layer, a.key, a.index) < std::tie(b.layer, b.key, b.index);
  });
  if (candidates.size() <= count) return candidates;
  std::map<std::int32_t, std::size_t> sizes;
  for (const Candidate& candidate : candidates) ++sizes[candidate.layer];
  std::vector<std::pair<double, std::int32_t>> remainders;
  std::map<std::int32_t, std::size_t> quota;
  std::size_t given = 0;
  for (const auto& [layer, size] : sizes) {
    const double share =
        static_cast<double>(count) * static_cast<double>(size) / static_cast<double>(candidates.size());
    given += quota[layer] = static_cast<std::size_t>(share);
    remainders.emplace_back(-(share - std::floor(share)), layer);
  }
  std::sort(remainders.begin(), remainders.end());
  for (std::size_t i = 0; given < count; ++i, ++given) ++quota[remainders[i].second];
  std::vector<Candidate> chosen;
  for (const Candidate& candidate : candidates)
    if (quota[candidate.layer] > 0) {
      --quota[candidate.layer];
      chosen.push_back(candidate);
    }
  return chosen;
}

std::uint64_t magnitude_key(std::uint64_t seed, std::span<const float> values) {
  // The order of a unit's inputs must not matter, so their hashes are added.
  std::uint64_t sum = 0;
  for (const float value : values) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(std::abs(value));
    sum += philox({bits, 0, 0, 0},
                  {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)})[0] *
           std::uint64_t{0x9e3779b97f4a7c15};
  }
  return sum;
}

/// The movable edges' slots with the layer of the unit they enter, each slot once.
std::vector<Candidate> weight_candidates(const Subject& subject, std::uint64_t seed) {
  std::vector<Candidate> candidates;
  std::vector<std::uint8_t> seen(subject.weights.size(), 0);
  for (int u = 0; u < subject.network.unit_count(); ++u)
    for (const Edge& edge : subject.network.edges_of(u)) {
      if (!subject.movable[edge.slot] || seen[edge.slot]) continue;
      seen[edge.slot] = 1;
      const float weight = subject.weights[edge.slot];
      candidates.push_back({subject.network.units()[static_cast<std::size_t>(u)].layer,
                            magnitude_key(seed, {&weight, 1}), edge.slot});
    }
  return candidates;
}

/// The counted units, keyed by the magnitudes of their incoming weights.
std::vector<Candidate> unit_candidates(const Subject& subject, std::uint64_t seed) {
  std::vector<Candidate> candidates;
  for (const ValueIndex value : subject.units()) {
    const int u = static_cast<int>(value) - subject.network.input_count();
    std::vector<float> inputs;
    for (const Edge& edge : subject.network.edges_of(u)) inputs.push_back(subject.weights[edge.slot]);
    candidates.push_back(
        {subject.network.units()[static_cast<std::size_t>(u)].layer, magnitude_key(seed, inputs), value});
  }
  return candidates;
}

/// What a weight reads and what it enters, per slot; copies are seen through to what they carry.
struct WeightEnds {
  std::vector<ValueIndex> source, target;
};

WeightEnds ends_of(const Subject& subject) {
  const Network& network = subject.network;
  const auto inputs = static_cast<ValueIndex>(network.input_count());
  std::vector<ValueIndex> carried(static_cast<std::size_t>(network.value_count()));
  for (ValueIndex v = 0; v < carried.size(); ++v) carried[v] = v;
  WeightEnds ends{std::vector<ValueIndex>(subject.weights.size()),
                  std::vector<ValueIndex>(subject.weights.size())};
  for (int u = 0; u < network.unit_count(); ++u) {
    const ValueIndex value = inputs + static_cast<ValueIndex>(u);
    const auto edges = network.edges_of(u);
    if (edges.size() == 1 && !subject.movable[edges[0].slot]) carried[value] = carried[edges[0].source];
    for (const Edge& edge : edges) {
      ends.source[edge.slot] = carried[edge.source];
      ends.target[edge.slot] = value;
    }
  }
  return ends;
}

}  // namespace

Steps sampled_weights(const Subject& subject, const ScoreSettings& settings) {
  Steps steps;
  const WeightEnds ends = ends_of(subject);
  for (const Candidate& c :
       stratified(weight_candidates(subject, settings.seed), static_cast<std::size_t>(settings.weights))) {
    steps.items.push_back({{c.index, 1.0f}});
    steps.layer.push_back(c.layer);
    steps.source.push_back(ends.source[c.index]);
    steps.target.push_back(ends.target[c.index]);
  }
  return steps;
}

Steps sampled_directions(const Subject& subject, const ScoreSettings& settings) {
  Steps steps;
  auto units = unit_candidates(subject, settings.seed);
  std::erase_if(units, [&](const Candidate& c) {
    const auto edges = subject.network.edges_of(static_cast<int>(c.index) - subject.network.input_count());
    return std::none_of(edges.begin(), edges.end(),
                        [&](const Edge& e) { return subject.movable[e.slot] != 0; });
  });
  units = stratified(std::move(units), static_cast<std::size_t>(settings.directions));
  if (units.empty()) return steps;
  for (int i = 0; i < settings.directions; ++i) {
    const Candidate& unit = units[static_cast<std::size_t>(i) % units.size()];
    Direction direction;
    for (const Edge& edge :
         subject.network.edges_of(static_cast<int>(unit.index) - subject.network.input_count()))
      if (subject.movable[edge.slot]) direction.emplace_back(edge.slot, 0.0f);
    std::sort(direction.begin(), direction.end(), [&](const auto& a, const auto& b) {
      return std::abs(subject.weights[a.first]) < std::abs(subject.weights[b.first]);
    });
    direction.erase(std::unique(direction.begin(), direction.end()), direction.end());
    RandomStream stream(settings.seed, "directions of inputs", static_cast<std::uint64_t>(i));
    double length = 0;
    for (auto& [slot, coefficient] : direction) {
      const double along = std::signbit(subject.weights[slot]) ? -1 : 1;
      coefficient = static_cast<float>(along * stream.normal());
      length += static_cast<double>(coefficient) * coefficient;
    }
    for (auto& [slot, coefficient] : direction)
      coefficient = static_cast<float>(coefficient / std::sqrt(length));
    steps.items.push_back(std::move(direction));
    steps.layer.push_back(unit.layer);
    steps.target.push_back(unit.index);
  }
  return steps;
}

std::vector<SampledUnit> sampled_units(const Subject& subject, const ScoreSettings& settings) {
  std::vector<SampledUnit> units;
  for (const Candidate& c :
       stratified(unit_candidates(subject, settings.seed), static_cast<std::size_t>(settings.units)))
    units.push_back({c.index, c.layer});
  return units;
}

}  // namespace skein::experiments
