#include "experiments/landscape/mechanisms.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/landscape/optional_numbers.hpp"
#include "experiments/measures/fractured_twins.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/error.hpp"
#include "sgd/train/train.hpp"
#include "sgd/twins/rescaling.hpp"
#include "sgd/twins/twins.hpp"

namespace skein::experiments {
namespace {

constexpr int trace_draws = 60, volume_directions = 400, choices_of_units = 20;

/// How much the loss rises at an offset from these weights.
Rise rise_of(Loss& loss, const Weights& weights) {
  const double here = loss.value(weights);
  return [&loss, &weights, here, moved = weights](std::span<const double> offset) mutable {
    for (std::size_t i = 0; i < moved.size(); ++i)
      moved[i] = static_cast<float>(static_cast<double>(weights[i]) + offset[i]);
    const double there = loss.value(moved) - here;
    return std::isnan(there) ? HUGE_VAL : there;
  };
}

std::optional<LocalVolume> volume_of(Loss& loss, const Weights& weights, double rise, std::uint64_t seed) {
  if (weights.size() > largest_hessian) return std::nullopt;
  try {
    const Preconditioner preconditioner = inverse_root(hessian(slope_of(loss), weights));
    return local_volume(rise_of(loss, weights), preconditioner,
                        {.rise = rise, .directions = volume_directions, .seed = seed});
  } catch (const NumericError&) {
    return std::nullopt;  // flat in every direction
  }
}

void add_overlaps(Mechanisms& result, const sgd::Mlp& mlp, const BasinTarget& target, std::uint64_t seed) {
  int layers = 0;
  for (const LayerInterference& layer : layer_interference(mlp, {.seed = seed})) {
    if (layer.units.maps < 2 || layer.draws == 0 || !std::isfinite(layer.dimension)) continue;
    ++layers;
    result.overlap += layer.units.mean;
    result.overlap_null += layer.null;
    result.overlap_random += layer.random;
    result.greatest_overlap = std::max(result.greatest_overlap, layer.units.greatest);
  }
  if (layers > 0) {
    result.overlap /= layers;
    result.overlap_null /= layers;
    result.overlap_random /= layers;
  }
  if (!target.parts) return;
  const auto directions = part_directions(mlp, *target.parts);
  double greatest = 0, bound = 0;
  for (const PartDirections& layer : directions) {
    greatest += layer.greatest / static_cast<double>(directions.size());
    bound += layer.bound / static_cast<double>(directions.size());
  }
  result.parts_overlap = greatest;
  result.parts_bound = bound;
}

/// How many units of each hidden layer vary.
std::vector<int> units_of_layers(const sgd::Mlp& mlp) {
  std::vector<int> counts;
  for (const LayerInterference& layer : layer_interference(mlp, {.draws = 0}))
    counts.push_back(layer.units.maps);
  return counts;
}

void add_overlaps_as_sp(Mechanisms& result, const sgd::Mlp& mlp, const std::vector<int>& counts,
                        std::uint64_t seed) {
  if (counts.empty() || counts.size() != mlp.wiring.hidden.size()) return;
  const auto overlaps = overlaps_among(mlp, counts, {.draws = choices_of_units, .seed = seed});
  double mean = 0, greatest = 0;
  int layers = 0;
  for (std::size_t layer = 0; layer < counts.size(); ++layer) {
    if (counts[layer] < 2 || overlaps[layer].maps < 2) continue;
    ++layers;
    mean += overlaps[layer].mean;
    greatest += overlaps[layer].greatest;
  }
  if (layers == 0) return;
  result.overlap_as_sp = mean / layers;
  result.greatest_as_sp = greatest / layers;
}

Mechanisms mechanisms_of(const NamedNetwork& network, const BasinTarget& target, double rise,
                         const std::vector<int>& counts, std::uint64_t seed) {
  const sgd::Mlp balanced = sgd::balance_rescalings(network.mlp);
  const sgd::Problem problem = sgd::picture_problem(balanced.wiring, target.picture);
  Loss loss(Plan(problem.network), problem.samples, problem.target);
  Mechanisms result;
  result.network = network.name;
  result.weights = balanced.weights.size();
  result.loss = loss.value(balanced.weights);
  result.trace = hessian_trace(slope_of(loss), balanced.weights, trace_draws, seed);
  result.weight_norm = sgd::weight_norm(balanced);
  result.path_norm = sgd::path_norm(balanced);
  result.sam_gap = sam_gap(slope_of(loss), balanced.weights, sam_radius * result.weight_norm, seed);
  result.volume = volume_of(loss, balanced.weights, rise, seed);
  add_overlaps(result, network.mlp, target, seed);
  add_overlaps_as_sp(result, network.mlp, counts, seed);
  return result;
}

}  // namespace

std::vector<NamedNetwork> function_equal_twins(const sgd::Mlp& evolved, std::uint64_t seed) {
  sgd::Mlp rotated = evolved;
  for (int layer = 0; layer < evolved.wiring.depth(); ++layer)
    rotated = sgd::rotate_linear_units(rotated, layer, seed + static_cast<std::uint64_t>(layer));
  return {{"evolved", evolved},
          {"split", fractured_twin(evolved, Fracture::split, seed)},
          {"cancel", fractured_twin(evolved, Fracture::cancel, seed)},
          {"rotated", std::move(rotated)}};
}

std::optional<std::vector<Mechanisms>> measure_mechanisms(const std::vector<NamedNetwork>& networks,
                                                          const BasinTarget& target, double rise,
                                                          std::uint64_t seed,
                                                          const ProgressListener& listener) {
  const auto sp = std::ranges::find(networks, "sp", &NamedNetwork::name);
  const std::vector<int> counts = sp == networks.end() ? std::vector<int>{} : units_of_layers(sp->mlp);
  std::vector<Mechanisms> result;
  for (const NamedNetwork& network : networks) {
    if (listener && !listener({"mechanisms",
                               static_cast<std::int64_t>(result.size()),
                               static_cast<std::int64_t>(networks.size()),
                               {}}))
      return std::nullopt;
    result.push_back(mechanisms_of(network, target, rise, counts, seed));
  }
  return result;
}

std::string mechanisms_csv(const std::string& target, const std::vector<Mechanisms>& mechanisms) {
  Table table({"target",           "network",          "weights",        "loss",          "hessian_trace",
               "trace_error",      "sam_gap",          "path_norm",      "weight_norm",   "log_volume",
               "volume_effective", "volume_unbounded", "overlap",        "overlap_null",  "overlap_random",
               "greatest_overlap", "overlap_as_sp",    "greatest_as_sp", "parts_overlap", "parts_bound"});
  for (const Mechanisms& m : mechanisms)
    table.add({target,
               m.network,
               std::to_string(m.weights),
               number_text(m.loss),
               number_text(m.trace.value),
               number_text(m.trace.error),
               number_text(m.sam_gap),
               number_text(m.path_norm),
               number_text(m.weight_norm),
               m.volume ? number_text(m.volume->log_volume) : "",
               m.volume ? number_text(m.volume->effective) : "",
               m.volume ? std::to_string(m.volume->unbounded) : "",
               number_text(m.overlap),
               number_text(m.overlap_null),
               number_text(m.overlap_random),
               number_text(m.greatest_overlap),
               optional_text(m.overlap_as_sp),
               optional_text(m.greatest_as_sp),
               optional_text(m.parts_overlap),
               optional_text(m.parts_bound)});
  return table.csv();
}

}  // namespace skein::experiments
