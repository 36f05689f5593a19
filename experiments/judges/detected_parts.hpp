#pragma once

#include <cstdint>
#include <vector>

#include "lib/picture/picture.hpp"

namespace skein::experiments {

inline constexpr int detector_size = 64;  ///< side of the pictures in which parts are looked for, pixels
inline constexpr int detector_shades = 4;

/// A connected region (sides touching) of one shade.
struct DetectedPart {
  int shade = 0;
  double area = 0;      ///< pixels
  double x = 0, y = 0;  ///< its centre, pixels
};

/// A picture in a few shades, taken apart.
struct DetectedParts {
  std::vector<std::uint8_t> shade;  ///< per pixel of detector_size squared
  std::vector<DetectedPart> parts;  ///< of four pixels or more, the largest first
  int specks = 0;                   ///< regions that are smaller
};

/// The limits between shades: means of neighbouring centres of brightness found by k-means, begun evenly over its range.
/// None when the picture is constant (standard deviation of brightness below 0.01).
using ShadeLimits = std::vector<float>;

/// Brightness (mean of the channels; 0 where it is no number) averaged down to detector_size squared.
std::vector<float> detector_brightness(const Picture& picture);
ShadeLimits shade_limits(const std::vector<float>& brightness);
/// Whether it is constant in that sense: then it has no limits.
bool is_flat(const std::vector<float>& brightness);

/// Throws ConfigError when it is not detector_size squared.
DetectedParts detect_parts(const std::vector<float>& brightness, const ShadeLimits& limits);

}  // namespace skein::experiments
