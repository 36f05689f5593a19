#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "experiments/measures/evidence.hpp"

/// What the rows of `measure_table` call. Each sees the evidence and which items of its domain to use, and
/// gives nothing where fewer than it needs are left. Definitions: MEASURES.md.
namespace skein::experiments::measure {

using Items = std::span<const std::uint32_t>;
using Value = std::optional<double>;

// Steps at matched visible change (single weights, or random directions of a unit's inputs).
Value whole_by_weights(const Evidence&, Items);
Value whole_by_directions(const Evidence&, Items);
Value colour_compressed_growth(const Evidence&, Items);
Value compressed_growth(const Evidence&, Items);
Value symmetry_loss(const Evidence&, Items);
Value shade_shift(const Evidence&, Items);
Value debris(const Evidence&, Items);
Value unreached(const Evidence&, Items);

// Their change maps.
Value distinct_effects(const Evidence&, Items);
Value effect_overlap(const Evidence&, Items);
Value effect_spread(const Evidence&, Items);
Value unit_spread(const Evidence&, Items);
Value region_spread(const Evidence&, Items);
Value mirror_mixing(const Evidence&, Items);

// Their changes against the wiring.
Value parallel_likeness(const Evidence&, Items);
Value outlet_likeness(const Evidence&, Items);
Value chain_likeness(const Evidence&, Items);
Value unit_interference(const Evidence&, Items);

// The units' own maps.
Value redundant_pairs(const Evidence&, Items);
Value redundancy(const Evidence&, Items);
Value layer_overlap(const Evidence&, Items);
Value map_roughness(const Evidence&, Items);
Value map_symmetry(const Evidence&, Items);
Value map_symmetry_rotated(const Evidence&, Items);
Value map_detail(const Evidence&, Items);
Value map_dimension(const Evidence&, Items);

// Steps of single weights by the picture's parts.
Value participation(const Evidence&, Items);
Value participation_shifted(const Evidence&, Items);
Value reuse(const Evidence&, Items);
Value reuse_elsewhere(const Evidence&, Items);
Value separation(const Evidence&, Items);
Value separation_shifted(const Evidence&, Items);

// The whole network.
Value noise_change(const Evidence&, Items);
Value zoom_growth(const Evidence&, Items);
Value resolution_change(const Evidence&, Items);

}  // namespace skein::experiments::measure
