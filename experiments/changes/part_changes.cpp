#include "experiments/changes/part_changes.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lib/base/parallel.hpp"

namespace skein::experiments {

std::vector<float> change_map(const PartChanges& changes, std::size_t step, int columns, int rows) {
  const PartRegions& regions = changes.regions;
  const auto change = changes.change(step);
  std::vector<float> map(regions.pixels());
  std::size_t p = 0;
  for (int row = 0; row < regions.height; ++row)
    for (int column = 0; column < regions.width; ++column, ++p) {
      const std::size_t from = cyclic_source(row, column, regions, columns, rows);
      for (std::size_t c = 0; c < 3; ++c) map[p] += std::abs(change[c * regions.pixels() + from]) / 3;
    }
  return map;
}

std::optional<std::vector<double>> densities(std::span<const float> map, const PartRegions& regions) {
  std::vector<double> density(regions.count(), 0.0);
  for (std::size_t p = 0; p < map.size(); ++p) density[regions.owner[p]] += static_cast<double>(map[p]);
  const auto areas = regions.areas();
  for (std::size_t k = 0; k < density.size(); ++k) density[k] /= static_cast<double>(areas[k]);
  const double sum = std::accumulate(density.begin(), density.end(), 0.0);
  if (!(sum > 0) || !std::isfinite(sum)) return {};
  for (double& d : density) d /= sum;
  return density;
}

std::optional<double> participation(std::span<const float> map, const PartRegions& regions) {
  const auto density = densities(map, regions);
  if (!density) return {};
  return 1 / std::inner_product(density->begin(), density->end(), density->begin(), 0.0);
}

double mirror_correlation(const PartChanges& changes, std::size_t step,
                          std::span<const std::uint8_t> marked) {
  const auto width = static_cast<std::size_t>(changes.regions.width), pixels = changes.regions.pixels();
  const auto change = changes.change(step);
  double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t p = 0; p < pixels; ++p) {
    const std::size_t column = p % width, mirror = p - column + (width - 1 - column);
    if (column >= width / 2 || !(marked[p] || marked[mirror])) continue;
    for (std::size_t c = 0; c < 3; ++c) {
      const double left = static_cast<double>(change[c * pixels + p]),
                   right = static_cast<double>(change[c * pixels + mirror]);
      n += 1, a += left, b += right, aa += left * left, bb += right * right, ab += left * right;
    }
  }
  if (n == 0) return 0;
  const double va = aa - a * a / n, vb = bb - b * b / n;
  constexpr double nothing = 1e-9;  // of the change's own square: rounding
  if (!(va > nothing) || !(vb > nothing)) return 0;
  return (ab - a * b / n) / std::sqrt(va * vb);
}

double separation(const PartChanges& changes, std::size_t step, std::size_t part, int columns, int rows) {
  const PartFit fit(changes.regions, changes.picture, changes.change(step), part, columns, rows);
  return fit.best() * fit.inside();
}

namespace {

std::vector<std::uint8_t> marked_pixels(const PartRegions& regions, std::size_t part, bool its) {
  std::vector<std::uint8_t> marked(regions.pixels());
  for (std::size_t p = 0; p < marked.size(); ++p) marked[p] = (regions.owner[p] == part) == its;
  return marked;
}

std::size_t densest(const std::vector<double>& density) {
  return static_cast<std::size_t>(std::ranges::max_element(density) - density.begin());
}

void look_at(PartChanges& changes, std::size_t i, const CyclicShifts& shifts) {
  PartStep& step = changes.steps[i];
  const PartRegions& regions = changes.regions;
  const auto map = change_map(changes, i);
  const auto density = densities(map, regions);
  step.reached = density.has_value();
  if (!density) return;
  step.participation = *participation(map, regions);
  step.main = densest(*density);
  step.main_density = (*density)[step.main];
  step.separation = separation(changes, i, step.main);
  for (std::size_t s = 0; s < part_shifts; ++s) {
    const auto [columns, rows] = shifts[s];
    const auto moved_map = change_map(changes, i, columns, rows);
    step.shifted[s] = *participation(moved_map, regions);
    if (s == 0)
      step.separation_shifted =
          separation(changes, i, densest(*densities(moved_map, regions)), columns, rows);
  }
  for (std::size_t part = 0; part < regions.count(); ++part) {
    if (!regions.mirrored[part]) continue;
    step.halves.push_back(mirror_correlation(changes, i, marked_pixels(regions, part, true)));
    step.elsewhere.push_back(mirror_correlation(changes, i, marked_pixels(regions, part, false)));
  }
}

}  // namespace

PartChanges part_changes(const Plan& plan, std::span<const float> weights, std::span<const Direction> items,
                         const PartRegions& regions, std::uint64_t seed) {
  const Grid grid{regions.width, regions.height};
  PartChanges result{.regions = regions, .picture = draw(plan, weights, grid), .changes = {}, .steps = {}};
  result.changes.setZero(static_cast<Eigen::Index>(2 * items.size()),
                         static_cast<Eigen::Index>(3 * grid.pixels()));
  result.steps.resize(2 * items.size());
  std::vector<std::size_t> drawn;
  std::vector<Perturbation> moves;
  for (std::size_t i = 0; i < 2 * items.size(); ++i) {
    drawn.push_back(i);
    moves.push_back(moved(weights, items[i / 2], i % 2 == 0 ? part_step : -part_step));
  }
  draw_perturbed(plan, weights, grid, moves, [&](std::size_t k, Picture&& picture) {
    float* row = result.changes.row(static_cast<Eigen::Index>(drawn[k])).data();
    bool finite = true;
    for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
      row[i] = picture.rgb[i] - result.picture.rgb[i];
      finite = finite && std::isfinite(row[i]);
    }
    if (!finite) std::fill_n(row, picture.rgb.size(), 0.0f);
    result.steps[drawn[k]].reached = finite;
  });
  const auto shifts = cyclic_shifts(regions, seed);
  parallel_for(2 * items.size(), [&](std::size_t i) {
    if (result.steps[i].reached) look_at(result, i, shifts);
  });
  return result;
}

}  // namespace skein::experiments
