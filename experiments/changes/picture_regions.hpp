#pragma once

#include <cstdint>
#include <vector>

#include "lib/picture/picture.hpp"

namespace skein::experiments {

inline constexpr int region_count = 6;

/// The picture's regions, from the picture alone, so that all networks that draw it have the same: k-means on
/// colour (RGB, each channel times 1.5) and place (x and y in [-1, 1], times 0.5) of the cells that it is
/// averaged down to, begun at the cell farthest from the mean and then always at the one farthest from those
/// chosen. One number below `region_count` per cell, shape (side, side). Throws ConfigError for a picture
/// without pixels.
std::vector<std::uint8_t> picture_regions(const Picture& picture, int side);

}  // namespace skein::experiments
