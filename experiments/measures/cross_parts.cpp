#include "experiments/measures/cross_parts.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "experiments/measures/evidence.hpp"
#include "experiments/measures/picture_regions.hpp"
#include "lib/base/parallel.hpp"

namespace skein::experiments {
namespace {

/// |change| of the steps that show, one row each, of length 1.
Maps unit_length_maps(const PartChanges& changes) {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < changes.steps.size(); ++i)
    if (changes.steps[i].reached) shown.push_back(i);
  Maps maps(static_cast<Eigen::Index>(shown.size()), static_cast<Eigen::Index>(changes.regions.pixels()));
  for (std::size_t k = 0; k < shown.size(); ++k) {
    const auto map = change_map(changes, shown[k]);
    const auto row = static_cast<Eigen::Index>(k);
    std::copy(map.begin(), map.end(), maps.row(row).data());
    if (const float length = maps.row(row).norm(); length > 0) maps.row(row) /= length;
  }
  return maps;
}

/// The first centre is the map most like the mean of all, each next the one least like those chosen.
Maps far_apart(const Maps& maps, int clusters) {
  Maps centres(std::min<Eigen::Index>(clusters, maps.rows()), maps.cols());
  Eigen::VectorXf likeness = maps * maps.colwise().mean().transpose();
  Eigen::Index next = 0;
  likeness.maxCoeff(&next);
  likeness.setConstant(-1);
  for (Eigen::Index k = 0; k < centres.rows(); ++k) {
    centres.row(k) = maps.row(next);
    likeness = likeness.cwiseMax(maps * centres.row(k).transpose());
    likeness.minCoeff(&next);
  }
  return centres;
}

Maps spherical_means(const Maps& maps, int clusters) {
  constexpr int most_rounds = 50;
  Maps centres = far_apart(maps, clusters);
  std::vector<Eigen::Index> owner(static_cast<std::size_t>(maps.rows()), -1);
  for (int round = 0; round < most_rounds; ++round) {
    const Maps likeness = maps * centres.transpose();
    Maps sums = Maps::Zero(centres.rows(), centres.cols());
    bool moved = false;
    for (Eigen::Index i = 0; i < maps.rows(); ++i) {
      Eigen::Index best = 0;
      likeness.row(i).maxCoeff(&best);
      moved = moved || owner[static_cast<std::size_t>(i)] != best;
      owner[static_cast<std::size_t>(i)] = best;
      sums.row(best) += maps.row(i);
    }
    if (!moved) break;
    for (Eigen::Index k = 0; k < centres.rows(); ++k)
      if (const float length = sums.row(k).norm(); length > 0) centres.row(k) = sums.row(k) / length;
  }
  return centres;
}

/// Owners of pixels, made parts without gaps in their numbers; nothing when there is but one.
std::optional<PartRegions> as_parts(const std::vector<int>& owner, int width, int height) {
  const std::set<int> used(owner.begin(), owner.end());
  if (used.size() < 2) return {};
  PartRegions regions{width, height, {}, std::vector<std::uint8_t>(owner.size()), {}};
  for (const int part : used) {
    for (std::size_t p = 0; p < owner.size(); ++p)
      if (owner[p] == part) regions.owner[p] = static_cast<std::uint8_t>(regions.names.size());
    regions.names.push_back(std::to_string(regions.names.size() + 1));
    regions.mirrored.push_back(0);
  }
  return regions;
}

}  // namespace

std::optional<PartRegions> clustered_parts(const PartChanges& changes, int clusters) {
  const Maps maps = unit_length_maps(changes);
  if (maps.rows() < 2) return {};
  Maps centres = spherical_means(maps, clusters);
  for (Eigen::Index k = 0; k < centres.rows(); ++k)
    if (const float sum = centres.row(k).sum(); sum > 0) centres.row(k) /= sum;
  std::vector<int> owner(changes.regions.pixels());
  for (std::size_t p = 0; p < owner.size(); ++p) {
    Eigen::Index best = 0;
    centres.col(static_cast<Eigen::Index>(p)).maxCoeff(&best);
    owner[p] = static_cast<int>(best);
  }
  return as_parts(owner, changes.regions.width, changes.regions.height);
}

std::optional<PartRegions> regions_as_parts(const Picture& picture) {
  const auto regions = picture_regions(picture, picture.width);
  return as_parts({regions.begin(), regions.end()}, picture.width, picture.width);
}

std::optional<double> relative_participation(const PartChanges& changes, const PartRegions& regions) {
  std::vector<double> found;
  for (std::size_t i = 0; i < changes.steps.size(); ++i)
    if (changes.steps[i].reached)
      if (const auto touched = participation(change_map(changes, i), regions)) found.push_back(*touched);
  if (found.empty()) return {};
  std::ranges::sort(found);
  const double median = (found[found.size() / 2] + found[(found.size() - 1) / 2]) / 2;
  return median / static_cast<double>(regions.count());
}

PartChanges changes_of(const Subject& subject, int size, int weights, std::uint64_t seed) {
  ScoreSettings settings;
  settings.seed = seed;
  settings.weights = weights;
  const Steps steps = sampled_weights(subject, settings);
  const Plan plan(subject.network);
  const PartRegions all{
      size,
      size,
      {"all"},
      std::vector<std::uint8_t>(static_cast<std::size_t>(size) * static_cast<std::size_t>(size)),
      {0}};
  return part_changes(plan, subject.weights, steps.items, all, seed);
}

std::vector<std::optional<double>> cross_participation(std::span<const PartChanges> networks,
                                                       const Picture& picture) {
  std::vector<std::optional<PartRegions>> parts(networks.size());
  parallel_for(networks.size(), [&](std::size_t i) { parts[i] = clustered_parts(networks[i]); });
  const auto own = regions_as_parts(picture);
  std::vector<std::optional<double>> result(networks.size());
  parallel_for(networks.size(), [&](std::size_t i) {
    double sum = 0;
    int judges = 0;
    const auto judge = [&](const std::optional<PartRegions>& regions) {
      if (!regions) return;
      if (const auto touched = relative_participation(networks[i], *regions)) sum += *touched, ++judges;
    };
    for (std::size_t k = 0; k < networks.size(); ++k)
      if (k != i) judge(parts[k]);
    judge(own);
    if (judges > 0) result[i] = sum / judges;
  });
  return result;
}

}  // namespace skein::experiments
