#pragma once

#include <Eigen/Core>
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "experiments/changes/part_fit.hpp"
#include "experiments/changes/part_regions.hpp"
#include "experiments/changes/visible_change.hpp"

namespace skein::experiments {

/// By how much a weight moves: a matched change of the whole picture would blow up small parts until they reach their
/// neighbours.
inline constexpr float part_step = 1;

/// What one step does to the parts of a picture.
struct PartStep {
  bool reached = false;                       ///< it shows and is finite; nothing else counts otherwise
  double participation = 0;                   ///< how many parts it touches; see `participation`
  std::array<double, part_shifts> shifted{};  ///< the same of its map moved cyclically
  std::size_t main = 0;                       ///< the part in which it is densest
  double main_density = 0;                    ///< its density there, of 1
  double separation = 0;                      ///< see `separation`, of the main part
  double separation_shifted = 0;              ///< the same of the first shift
  /// Per part that is a mirrored pair, in order: the correlation of its halves, and that of the rest of the
  /// picture's; see `mirror_correlation`.
  std::vector<double> halves, elsewhere;
};

/// What steps do to each part of a picture.
struct PartChanges {
  PartRegions regions;
  Picture picture;  ///< as large as the regions
  /// Signed change of RGB, one row per step (two per item, upward and downward), shape (steps, 3 x pixels); zeros where it
  /// is not finite.
  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> changes;
  std::vector<PartStep> steps;

  std::span<const float> change(std::size_t step) const {
    return {changes.row(static_cast<Eigen::Index>(step)).data(), 3 * regions.pixels()};
  }
};

/// Moves each direction by `part_step` up and down on a grid of the regions' size and looks at what it does. The
/// shifts are drawn from `seed`, at least a quarter of the picture along one axis.
PartChanges part_changes(const Plan& plan, std::span<const float> weights, std::span<const Direction> items,
                         const PartRegions& regions, std::uint64_t seed);

/// |change|, mean over the channels, moved cyclically by so many columns and rows. Shape (pixels).
std::vector<float> change_map(const PartChanges& changes, std::size_t step, int columns = 0, int rows = 0);

/// Mean of a map over each part, made to sum to 1: how densely it lies in each. Nothing for a map of zeros.
std::optional<std::vector<double>> densities(std::span<const float> map, const PartRegions& regions);

/// How many parts a map touches: 1 / sum of squared densities, 1 to the number of parts.
std::optional<double> participation(std::span<const float> map, const PartRegions& regions);

/// Correlation of a mirrored pair's two halves: of the change in its left half with the mirrored change in its
/// right, over their union and the three channels. 0 where either does not change (it is not defined).
double mirror_correlation(const PartChanges& changes, std::size_t step, std::span<const std::uint8_t> marked);

/// How well one part alone explains a step: the best of shifts by up to 4 pixels, scalings about the part's centre
/// by 0.8 to 1.25 and a recolouring (each channel a line in its own values) of part `part` of the picture, as R
/// squared of the changed picture within the part, times the share of |change| that lies within it. 0 to 1.
/// `columns` and `rows` move the change cyclically first.
double separation(const PartChanges& changes, std::size_t step, std::size_t part, int columns = 0,
                  int rows = 0);

}  // namespace skein::experiments
