#pragma once

#include <vector>

#include "lib/picture/picture.hpp"

namespace skein::experiments {

/// A picture's brightness, mean of the channels, shape (height, width), with what the traits need of it.
struct Shades {
  int width = 0, height = 0;
  std::vector<float> level;   ///< in [0, 1]
  std::vector<float> sorted;  ///< `level` in ascending order
  double compressed = 0;      ///< compressed_size of the grey picture, bytes
  double asymmetry = 0;       ///< mean |level - its mirror image, left to right|
  double islands = 0;  ///< connected regions of the picture in four equal shades, those under 4 pixels aside
};

Shades shades_of(const Picture& picture);

/// What became of a picture, compared with the one it was: all from brightness alone, so that colour showing
/// up in a grey picture counts for nothing. 0 when nothing changed.
struct Traits {
  double compressed_growth = 0;  ///< log of the ratio of compressed sizes
  double island_growth = 0;      ///< log of the ratio of (islands + 1)
  double asymmetry_growth = 0;   ///< asymmetry gained, in units of the visible change
  double shade_shift = 0;  ///< distance of the two distributions of brightness (Wasserstein 1), in the same
                           ///< units
};

/// Both of one size. All values are finite, whatever the pictures.
Traits compare_shades(const Shades& before, const Shades& after);

}  // namespace skein::experiments
