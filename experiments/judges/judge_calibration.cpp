#include "experiments/judges/judge_calibration.hpp"
#include "experiments/measures/sampled_steps.hpp"

#include <algorithm>
#include <numeric>

#include "bridge/layerize.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

/// One network's changed pictures, as one judge sees them.
struct Looked {
  std::vector<std::vector<double>> steps;
  int picture = 0;
  std::optional<Fracture> fracture;
};

template <class Traits>
void add_traits(Looked& looked, const std::optional<Traits>& traits) {
  if (traits) looked.steps.emplace_back(traits->begin(), traits->end());
}

std::array<Looked, offline_judges.size()> looked_at(const CalibrationNetwork& network) {
  const ScoreSettings settings;
  std::array<Looked, offline_judges.size()> looked;
  for (Looked& one : looked) one.picture = network.picture, one.fracture = network.fracture;
  const Steps steps = sampled_weights(network.subject, settings);
  for (const SeenStep& step :
       see_steps(network.subject.network, network.subject.weights, steps.items, settings)) {
    add_traits(looked[0], step.change);
    add_traits(looked[1], step.parts);
  }
  return looked;
}

LogisticFit fit_to(const std::vector<Looked>& networks) {
  std::vector<LogisticRow> rows;
  for (const Looked& network : networks)
    for (const auto& traits : network.steps)
      rows.push_back({traits, !network.fracture,
                      (network.fracture ? 1.0 / static_cast<double>(fractures.size()) : 1.0) /
                          static_cast<double>(network.steps.size())});
  return fit_logistic(rows);
}

std::vector<double> chances(const LogisticFit& judge, const Looked& network) {
  std::vector<double> result;
  for (const auto& traits : network.steps) result.push_back(judge.chance(traits));
  return result;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(std::max<std::size_t>(1, values.size()));
}

CalibrationResult calibrate(const std::vector<Looked>& networks) {
  CalibrationResult result;
  result.calibration = fit_to(networks);
  const std::size_t pictures = networks.size() / (1 + fractures.size());
  for (std::size_t p = 0; p < pictures; ++p) {
    const auto first = networks.begin() + static_cast<std::ptrdiff_t>(p * (1 + fractures.size()));
    const auto last = first + 1 + fractures.size();
    std::vector<Looked> others(networks.begin(), first);
    others.insert(others.end(), last, networks.end());
    const LogisticFit judge = fit_to(others);
    const auto whole = chances(judge, *first);
    std::vector<double> broken;
    for (auto twin = first + 1; twin != last; ++twin) {
      const auto judged = chances(judge, *twin);
      const double change = mean_of(judged) - mean_of(whole);
      const auto fracture = static_cast<std::size_t>(*twin->fracture);
      result.fell[fracture] += (change < 0) / static_cast<double>(pictures);
      result.difference[fracture] += change / static_cast<double>(pictures);
      broken.insert(broken.end(), judged.begin(), judged.end());
    }
    result.areas.push_back(area_under_curve(whole, broken));
    result.accuracies.push_back(balanced_accuracy(whole, broken));
  }
  result.area = mean_of(result.areas);
  for (const Looked& network : networks) result.steps += network.steps.size();
  return result;
}

}  // namespace

std::vector<CalibrationNetwork> calibration_networks(std::uint64_t twin_seed, int sketches) {
  std::vector<neat::Genome> genomes{face().genome, flower().genome, sunset().genome};
  for (int s = 1; s <= sketches; ++s) genomes.push_back(random_sketch(static_cast<std::uint64_t>(s)).genome);
  std::vector<CalibrationNetwork> networks;
  for (std::size_t g = 0; g < genomes.size(); ++g) {
    const sgd::Mlp mlp = bridge::layerize(genomes[g]);
    networks.push_back({subject_of(mlp), static_cast<int>(g), {}});
    for (const Fracture fracture : fractures)
      networks.push_back(
          {subject_of(fractured_twin(mlp, fracture, twin_seed)), static_cast<int>(g), fracture});
  }
  return networks;
}

std::array<CalibrationResult, offline_judges.size()> calibrate_judges(std::uint64_t twin_seed, int sketches,
                                                                      const ProgressListener& listener) {
  std::array<std::vector<Looked>, offline_judges.size()> networks;
  const auto all = calibration_networks(twin_seed, sketches);
  for (std::size_t n = 0; n < all.size(); ++n) {
    if (listener && !listener({.stage = "judges",
                               .done = static_cast<std::int64_t>(n),
                               .total = static_cast<std::int64_t>(all.size()),
                               .values = {}}))
      throw Error("judges: stopped");
    auto looked = looked_at(all[n]);
    for (std::size_t j = 0; j < looked.size(); ++j) networks[j].push_back(std::move(looked[j]));
  }
  std::array<CalibrationResult, offline_judges.size()> results;
  for (std::size_t j = 0; j < results.size(); ++j) results[j] = calibrate(networks[j]);
  return results;
}

CalibrationResult calibrate_structure_judge(std::uint64_t twin_seed, int sketches) {
  return calibrate_judges(twin_seed, sketches)[0];
}

}  // namespace skein::experiments
