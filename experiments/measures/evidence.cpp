#include "experiments/measures/evidence.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

#include "experiments/changes/effective_number.hpp"
#include "experiments/changes/picture_regions.hpp"
#include "experiments/changes/structure_judge.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/picture/compressed_size.hpp"

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

namespace {

void map_of_change(const Shades& before, const Shades& after, int map_size, std::span<float> row) {
  Picture change(before.width, before.height);
  for (std::size_t p = 0; p < before.level.size(); ++p)
    for (int c = 0; c < 3; ++c) change.channel(c)[p] = std::abs(after.level[p] - before.level[p]);
  const Picture small = resize(change, map_size, map_size);
  std::copy_n(small.rgb.begin(), row.size(), row.begin());
}

/// The change of every channel, averaged down: shape (3, map_size, map_size).
void signed_change(const Picture& before, const Picture& after, int map_size, std::span<float> row) {
  Picture change(before.width, before.height);
  for (std::size_t i = 0; i < change.rgb.size(); ++i) change.rgb[i] = after.rgb[i] - before.rgb[i];
  const Picture small = resize(change, map_size, map_size);
  std::copy_n(small.rgb.begin(), row.size(), row.begin());
}

/// Cosine between the rows; 0 with a row of zeros.
Eigen::MatrixXf cosines(const MapRows& rows) {
  Eigen::VectorXf length = rows.rowwise().norm();
  for (float& l : length) l = l > 1e-9f ? 1 / l : 0;
  const MapRows scaled = length.asDiagonal() * rows;
  return scaled * scaled.transpose();
}

/// Matches the visible change, then draws what was reached and compares it with the picture.
/// `compressed`: the compressed size of the picture in RGB, for steps that are looked at in colour.
void take_steps(Steps& steps, const Plan& plan, const Evidence& evidence, const Shades& before,
                std::optional<double> compressed) {
  const ScoreSettings& settings = evidence.settings;
  const auto matches = match_visible_change(plan, evidence.subject.weights, steps.items, settings.match);
  steps.effects.assign(matches.size(), {});
  const int cells = settings.map_size * settings.map_size;
  const auto rows = static_cast<Eigen::Index>(matches.size());
  steps.maps = MapRows::Zero(rows, cells);
  steps.cells.assign(matches.size(), 0);
  MapRows changes = MapRows::Zero(rows, 3 * cells);
  std::vector<std::size_t> drawn;
  std::vector<Perturbation> perturbations;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    steps.effects[i].match = matches[i];
    if (!matches[i].reached) continue;
    drawn.push_back(i);
    perturbations.push_back(moved(evidence.subject.weights, steps.items[i / 2], matches[i].step));
  }
  const Grid grid{settings.size, settings.size};
  const ChangedPicture judged(before.level, before.width, before.height);
  draw_perturbed(plan, evidence.subject.weights, grid, perturbations, [&](std::size_t k, Picture&& picture) {
    Effect& effect = steps.effects[drawn[k]];
    const Shades after = shades_of(picture);
    effect.traits = compare_shades(before, after);
    effect.change = judged.traits_of(after.level);
    if (effect.change) effect.whole = structure_judge(*effect.change);
    if (compressed)
      effect.colour_compressed_growth =
          std::log(static_cast<double>(compressed_size(to_image(picture))) / *compressed);
    map_of_change(
        before, after, settings.map_size,
        {steps.maps.row(static_cast<Eigen::Index>(drawn[k])).data(), static_cast<std::size_t>(cells)});
    steps.cells[drawn[k]] = effective_number(steps.maps.row(static_cast<Eigen::Index>(drawn[k])));
    signed_change(
        evidence.picture, picture, settings.map_size,
        {changes.row(static_cast<Eigen::Index>(drawn[k])).data(), static_cast<std::size_t>(3 * cells)});
  });
  steps.overlap = cosines(steps.maps);
  steps.likeness = cosines(changes).cwiseAbs2();
}

void look_beyond(Evidence& evidence, const Plan& plan) {
  const ScoreSettings& settings = evidence.settings;
  const Weights& weights = evidence.subject.weights;
  const Grid grid{settings.size, settings.size};
  std::vector<Perturbation> noisy(static_cast<std::size_t>(settings.noise_draws));
  for (std::size_t i = 0; i < noisy.size(); ++i)
    for (const Slot slot : evidence.subject.slots()) {
      // Keyed by magnitude, not by place, and relative: permuted or sign-flipped units get the same noise.
      const float weight = weights[slot];
      RandomStream stream(settings.seed + i, "weight noise", std::bit_cast<std::uint32_t>(std::abs(weight)));
      noisy[i].emplace_back(slot, static_cast<float>(weight * (1 + settings.noise * stream.normal())));
    }
  evidence.noise_changes.resize(noisy.size());
  draw_perturbed(plan, weights, grid, noisy, [&](std::size_t i, Picture&& picture) {
    evidence.noise_changes[i] = visible_change(picture, evidence.picture);
  });
  const Shades here = shades_of(evidence.picture);
  const Shades beyond = shades_of(draw(plan, weights, {settings.size, settings.size, 2.0}));
  evidence.zoom_growth = std::log((beyond.compressed + 1) / (here.compressed + 1));
  // Samples halfway between the picture's own are added, then all are averaged down.
  const int fine = 2 * settings.size - 1;
  const Picture finer = draw(plan, weights, {fine, fine});
  evidence.resolution_change = visible_change(resize(finer, settings.size, settings.size), evidence.picture);
}

void take_unit_maps(Evidence& evidence, const Plan& plan) {
  const ScoreSettings& settings = evidence.settings;
  for (const Candidate& c : stratified(unit_candidates(evidence.subject, settings.seed),
                                       static_cast<std::size_t>(settings.units))) {
    evidence.units.push_back(c.index);
    evidence.unit_layer.push_back(c.layer);
  }
  const Grid grid{settings.map_size, settings.map_size};
  evidence.unit_maps =
      MapRows::Zero(static_cast<Eigen::Index>(evidence.units.size()), settings.map_size * settings.map_size);
  if (evidence.units.empty()) return;
  feature_maps(plan, evidence.subject.weights, grid, evidence.units,
               {evidence.unit_maps.data(), static_cast<std::size_t>(evidence.unit_maps.size())});
  for (float& value :
       std::span(evidence.unit_maps.data(), static_cast<std::size_t>(evidence.unit_maps.size())))
    if (!std::isfinite(value)) value = 0;
  evidence.unit_maps.colwise() -= evidence.unit_maps.rowwise().mean().eval();
  evidence.correlation = cosines(evidence.unit_maps);
}

}  // namespace

void ScoreSettings::validate() const {
  if (size < 8 || size > 2048) throw ConfigError("size " + std::to_string(size) + ": must be 8 to 2048");
  if (map_size < 4 || map_size > 256)
    throw ConfigError("map size " + std::to_string(map_size) + ": must be 4 to 256");
  if (weights < 1 || units < 1) throw ConfigError("at least one weight and one unit must be sampled");
  if (directions < 0)
    throw ConfigError("directions " + std::to_string(directions) + ": must not be negative");
  if (resamples < 0 || resamples > 100000)
    throw ConfigError("resamples " + std::to_string(resamples) + ": must be 0 to 100000");
  if (!(noise >= 0) || !std::isfinite(noise)) throw ConfigError("the noise must not be negative");
  if (noise_draws < 0)
    throw ConfigError("noise draws " + std::to_string(noise_draws) + ": must not be negative");
  match.validate();
  if (parts) parts->validate();
}

Evidence gather(const Subject& subject, const ScoreSettings& settings, const ProgressListener& listener) {
  settings.validate();
  Evidence evidence;
  evidence.settings = settings;
  evidence.subject = subject;
  evidence.movable = subject.slots().size();
  const Plan plan(subject.network);
  evidence.picture = draw(plan, subject.weights, {settings.size, settings.size});
  evidence.finite = std::all_of(evidence.picture.rgb.begin(), evidence.picture.rgb.end(),
                                [](float value) { return std::isfinite(value); });
  const auto report = [&](std::int64_t done) {
    if (listener && !listener({.stage = "score", .done = done, .total = 3, .values = {}}))
      throw Error("stopped while looking at the network");
  };
  report(0);
  take_unit_maps(evidence, plan);
  if (!evidence.finite) return evidence;
  const Shades before = shades_of(evidence.picture);
  const auto compressed = static_cast<double>(compressed_size(to_image(evidence.picture)));
  evidence.regions = picture_regions(evidence.picture, settings.map_size);
  report(1);
  evidence.weights = sampled_weights(subject, settings);
  take_steps(evidence.weights, plan, evidence, before, compressed);
  if (settings.parts) {
    evidence.parts =
        part_changes(plan, subject.weights, evidence.weights.items, *settings.parts, settings.seed);
  }
  report(2);
  evidence.directions = sampled_directions(subject, settings);
  take_steps(evidence.directions, plan, evidence, before, {});
  look_beyond(evidence, plan);
  report(3);
  return evidence;
}

}  // namespace skein::experiments
