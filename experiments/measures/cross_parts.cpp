#include "experiments/measures/cross_parts.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "experiments/changes/part_changes.hpp"
#include "experiments/changes/picture_regions.hpp"
#include "experiments/measures/sampled_steps.hpp"
#include "lib/base/error.hpp"
#include "lib/base/median.hpp"
#include "lib/base/parallel.hpp"

namespace skein::experiments {
namespace {

/// The maps, each made to length 1.
MapRows unit_length(MapRows maps) {
  for (Eigen::Index row = 0; row < maps.rows(); ++row)
    if (const float length = maps.row(row).norm(); length > 0) maps.row(row) /= length;
  return maps;
}

/// The first centre is the map most like the mean of all, each next the one least like those chosen.
MapRows far_apart(const MapRows& maps, int clusters) {
  MapRows centres(std::min<Eigen::Index>(clusters, maps.rows()), maps.cols());
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

MapRows spherical_means(const MapRows& maps, int clusters) {
  constexpr int most_rounds = 50;
  MapRows centres = far_apart(maps, clusters);
  std::vector<Eigen::Index> owner(static_cast<std::size_t>(maps.rows()), -1);
  for (int round = 0; round < most_rounds; ++round) {
    const MapRows likeness = maps * centres.transpose();
    MapRows sums = MapRows::Zero(centres.rows(), centres.cols());
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

ChangeMaps change_maps_of(const Subject& subject, int size, int weights, std::uint64_t seed,
                          const std::function<bool()>& go_on) {
  ScoreSettings settings;
  settings.seed = seed;
  settings.weights = weights;
  const Steps steps = sampled_weights(subject, settings);
  const Plan plan(subject.network);
  const Grid grid{size, size};
  const Picture before = draw(plan, subject.weights, grid);
  std::vector<Perturbation> moves;
  for (const Direction& item : steps.items)
    for (const float step : {part_step, -part_step}) moves.push_back(moved(subject.weights, item, step));
  std::vector<std::vector<float>> maps(moves.size());
  constexpr std::size_t piece = 32;  // between two questions whether to go on
  for (std::size_t first = 0; first < moves.size(); first += piece) {
    if (go_on && !go_on()) throw Error("stopped while networks judge each other");
    const auto some = std::span(moves).subspan(first, std::min(piece, moves.size() - first));
    draw_perturbed(plan, subject.weights, grid, some, [&](std::size_t i, Picture&& picture) {
      std::vector<float>& map = maps[first + i];
      map.assign(grid.pixels(), 0.0f);
      for (std::size_t k = 0; k < picture.rgb.size(); ++k)
        map[k % grid.pixels()] += std::abs(picture.rgb[k] - before.rgb[k]) / 3;
      float sum = 0;
      for (const float value : map) sum += value;
      if (!(sum > 0) || !std::isfinite(sum)) map.clear();
    });
  }
  std::erase_if(maps, [](const std::vector<float>& map) { return map.empty(); });
  ChangeMaps result{
      size, MapRows(static_cast<Eigen::Index>(maps.size()), static_cast<Eigen::Index>(grid.pixels()))};
  for (std::size_t i = 0; i < maps.size(); ++i)
    std::ranges::copy(maps[i], result.maps.row(static_cast<Eigen::Index>(i)).data());
  return result;
}

std::optional<PartRegions> clustered_parts(const ChangeMaps& changes, int clusters) {
  if (changes.maps.rows() < 2) return {};
  MapRows centres = spherical_means(unit_length(changes.maps), clusters);
  for (Eigen::Index k = 0; k < centres.rows(); ++k)
    if (const float sum = centres.row(k).sum(); sum > 0) centres.row(k) /= sum;
  std::vector<int> owner(static_cast<std::size_t>(changes.maps.cols()));
  for (std::size_t p = 0; p < owner.size(); ++p) {
    Eigen::Index best = 0;
    centres.col(static_cast<Eigen::Index>(p)).maxCoeff(&best);
    owner[p] = static_cast<int>(best);
  }
  return as_parts(owner, changes.size, changes.size);
}

std::optional<PartRegions> regions_as_parts(const Picture& picture, int size) {
  const auto regions = picture_regions(picture, size);
  return as_parts({regions.begin(), regions.end()}, size, size);
}

std::optional<double> relative_participation(const ChangeMaps& changes, const PartRegions& regions) {
  if (regions.count() < 2) return {};
  const auto pixels = static_cast<std::size_t>(changes.maps.cols());
  std::vector<double> found;
  for (Eigen::Index i = 0; i < changes.maps.rows(); ++i)
    if (const auto touched = participation({changes.maps.row(i).data(), pixels}, regions))
      found.push_back(*touched);
  if (found.empty()) return {};
  return median(std::move(found)) / static_cast<double>(regions.count());
}

std::optional<double> cross_participation(const ChangeMaps& changes,
                                          std::span<const PartRegions* const> judges) {
  double sum = 0;
  std::size_t count = 0;
  for (const PartRegions* parts : judges)
    if (const auto touched = relative_participation(changes, *parts)) sum += *touched, ++count;
  if (count == 0) return {};
  return sum / static_cast<double>(count);
}

std::vector<std::optional<double>> cross_participation(std::span<const ChangeMaps> networks,
                                                       const Picture& picture) {
  if (networks.empty()) return {};
  std::vector<std::optional<PartRegions>> parts(networks.size());
  parallel_for(networks.size(), [&](std::size_t i) { parts[i] = clustered_parts(networks[i]); });
  const auto own = regions_as_parts(picture, networks.front().size);
  std::vector<std::optional<double>> result(networks.size());
  parallel_for(networks.size(), [&](std::size_t i) {
    std::vector<const PartRegions*> judges;
    for (std::size_t k = 0; k < networks.size(); ++k)
      if (k != i && parts[k]) judges.push_back(&*parts[k]);
    if (own) judges.push_back(&*own);
    result[i] = cross_participation(networks[i], judges);
  });
  return result;
}

}  // namespace skein::experiments
