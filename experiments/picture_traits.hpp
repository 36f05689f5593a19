#pragma once

#include <array>
#include <string_view>

#include "lib/picture.hpp"

namespace skein::experiments {

/// A picture's brightness, mean of the channels, shape (height, width), with what the traits need of it.
struct Shades {
  int width = 0, height = 0;
  std::vector<float> level;    ///< in [0, 1]
  std::vector<float> edges;    ///< length of the gradient by central differences, per pixel
  std::vector<float> outline;  ///< `edges` blurred over two pixels
  std::vector<float> sorted;   ///< `level` in ascending order
  double compressed = 0;       ///< compressed_size of the grey picture, bytes
  double fine = 0;             ///< mean |Laplacian|
  double asymmetry = 0;        ///< mean |level - its mirror image, left to right|
  double islands = 0;  ///< connected regions of the picture in four equal shades, those under 4 pixels aside
};

Shades shades_of(const Picture& picture);

/// What became of a picture, compared with the one it was: all from brightness alone, so that colour showing
/// up in a grey picture counts for nothing. 0 (or 1 for the two retentions) when nothing changed.
enum class Trait {
  compressed_growth,  ///< log of the ratio of compressed sizes
  edge_growth,        ///< log of the ratio of mean edge strength
  fine_growth,        ///< log of the ratio of mean |Laplacian|
  island_growth,      ///< log of the ratio of (islands + 1)
  asymmetry_growth,   ///< asymmetry gained, in units of the visible change
  outline_retention,  ///< correlation of the outlines
  shade_shift,  ///< distance of the two distributions of brightness (Wasserstein 1), in units of the visible
                ///< change
  roughness,    ///< mean |gradient| of the change, in units of its mean absolute value, per pixel
  locality,     ///< share of the pixels that hold 90 % of the change
};
inline constexpr int trait_count = 9;
using Traits = std::array<double, trait_count>;

std::string_view name(Trait trait);

/// Both of one size. All values are finite, whatever the pictures.
Traits compare_shades(const Shades& before, const Shades& after);

}  // namespace skein::experiments
