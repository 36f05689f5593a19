#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "experiments/measures/evidence.hpp"

namespace skein::experiments {

/// Participation for pictures whose parts nobody named, and the control against circularity where somebody did:
/// every network is judged on the parts that its *rivals'* changes cluster into, and on the picture's own regions.

inline constexpr int clusters_of_changes = 10;
inline constexpr int cross_size = 64;  ///< side of the maps on which networks judge each other, pixels

/// What the steps of a network do to its picture, and where: |change of RGB|, mean over the channels.
struct ChangeMaps {
  int size = 0;
  MapRows maps;  ///< one row per step that shows and is finite, shape (steps, size squared)
};

/// Moves `weights` of the network's weights (`sampled_weights` by `seed`) by `part_step` up and down on a grid of `size`
/// squared. Asks `go_on` between pieces of the work (empty: never); throws Error when it says no.
ChangeMaps change_maps_of(const Subject& subject, int size, int weights, std::uint64_t seed,
                          const std::function<bool()>& go_on = {});

/// The parts that a network's own steps fall into: spherical k-means (ten clusters, begun far apart) over its maps,
/// each made to length 1; a pixel belongs to the cluster whose mean map, made to sum to 1, is largest there.
/// Clusters that win no pixel are dropped. Nothing when fewer than two are left. A pure function of the maps.
std::optional<PartRegions> clustered_parts(const ChangeMaps& changes, int clusters = clusters_of_changes);

/// The regions of the picture alone (`picture_regions`) as parts, on a grid of `size` squared; nothing when it has
/// fewer than two.
std::optional<PartRegions> regions_as_parts(const Picture& picture, int size);

/// Median participation of a network's steps on these parts, divided by their number: above 0, at most 1. Nothing
/// where no step shows, or on one part alone.
std::optional<double> relative_participation(const ChangeMaps& changes, const PartRegions& regions);

/// Its mean over several judges' parts; nothing without any.
std::optional<double> cross_participation(const ChangeMaps& changes,
                                          std::span<const PartRegions* const> judges);

/// Per network the mean of its `relative_participation` over every other network's `clustered_parts` and over the
/// regions of `picture`; nothing where it has no visible step or there is nobody to judge by. All maps are of one size.
std::vector<std::optional<double>> cross_participation(std::span<const ChangeMaps> networks,
                                                       const Picture& picture);

}  // namespace skein::experiments
