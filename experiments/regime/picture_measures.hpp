#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/picture/picture.hpp"

namespace skein::experiments {

/// Longer side in pixels at which pictures are measured, so that numbers of different pictures compare.
inline constexpr int measured_side = 128;

/// How much there is to a picture, in seven ways. Luminance is Y = 0.299 R + 0.587 G + 0.114 B in [0, 1].
inline constexpr std::size_t picture_measure_count = 7;
inline constexpr std::array<std::string_view, picture_measure_count> picture_measure_names{
    "png", "jpeg", "entropy", "edges", "spectral_slope", "box_dimension", "regions"};

using PictureMeasures = std::array<double, picture_measure_count>;

/// All of them, in the order of the names. Throws ConfigError for a picture narrower or lower than 8 pixels.
PictureMeasures measure_picture(const Picture& picture);

/// Bytes per byte of the raw picture after PNG's filter Sub on every row and zlib at level 6 (`compressed_size`).
double png_share(const Picture& picture);
/// The same of a baseline JPEG at quality 75, file headers included.
double jpeg_share(const Picture& picture);
/// Shannon entropy of the luminance in 256 shades, in bits.
double shade_entropy(const Picture& picture);

/// A flag for each pixel, shape (height, width).
struct Mask {
  int width = 0, height = 0;
  std::vector<std::uint8_t> set;
};

/// Pixels where the luminance changes by more than 0.1 to the next pixel right and down (Euclidean).
Mask edge_mask(const Picture& picture);
/// Share of the pixels that are set.
double density(const Mask& mask);
/// Box-counting dimension: minus the slope of the logarithm of the number of boxes of 1, 2, 4, ... pixels that hold a set
/// pixel, along the logarithm of their side, up to a quarter of the shorter side (least squares); 0 when none is set.
double box_dimension(const Mask& mask);

/// The exponent a of a power spectrum that falls as 1 / f^a: minus the slope, in logarithms (least squares), of the
/// luminance's power in rings of equal spatial frequency, from 2 cycles per longer side to 0.4 cycles per pixel, mean
/// taken off and edges faded by a Hann window. 0 for a picture without contrast.
double spectral_slope(const Picture& picture);

/// Regions of one colour (four levels of each channel; sides touching) of at least four pixels.
double region_count_of(const Picture& picture);

}  // namespace skein::experiments
