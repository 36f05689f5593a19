#include "experiments/measures/evidence.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "experiments/changes/effective_number.hpp"
#include "experiments/changes/picture_regions.hpp"
#include "experiments/changes/structure_judge.hpp"
#include "experiments/measures/sampled_steps.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/picture/compressed_size.hpp"

namespace skein::experiments {
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
  for (const SampledUnit& unit : sampled_units(evidence.subject, settings)) {
    evidence.units.push_back(unit.value);
    evidence.unit_layer.push_back(unit.layer);
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
