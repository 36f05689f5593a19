#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "experiments/measures/part_changes.hpp"
#include "experiments/measures/subject.hpp"

namespace skein::experiments {

/// Participation for pictures whose parts nobody named, and the control against circularity where somebody did:
/// every network is judged on the parts that its *rivals'* changes cluster into, and on the picture's own regions.

inline constexpr int clusters_of_changes = 10;

/// The parts that a network's own steps fall into: spherical k-means (ten clusters, begun far apart) over the maps of
/// |change|, each of length 1; a pixel belongs to the cluster whose mean map, made to sum to 1, is largest there.
/// Clusters that win no pixel are dropped. Nothing when fewer than two are left. A pure function of the changes.
std::optional<PartRegions> clustered_parts(const PartChanges& changes, int clusters = clusters_of_changes);

/// The regions of the picture alone (`picture_regions`) as parts; nothing when it has fewer than two.
std::optional<PartRegions> regions_as_parts(const Picture& picture);

/// Median participation of a network's steps on these parts, divided by their number: above 0, at most 1. Nothing
/// where no step shows.
std::optional<double> relative_participation(const PartChanges& changes, const PartRegions& regions);

/// What a network's weights do to the picture on a grid of `size` squared, moved by `part_step`, without known
/// parts: `sampled_weights` of them by `seed`.
PartChanges changes_of(const Subject& subject, int size, int weights, std::uint64_t seed);

/// Per network the mean of its `relative_participation` over every other network's `clustered_parts` and over the
/// regions of `picture`; nothing where it has no visible step or there is nobody to judge by.
std::vector<std::optional<double>> cross_participation(std::span<const PartChanges> networks,
                                                       const Picture& picture);

}  // namespace skein::experiments
