#pragma once

#include <cstddef>

namespace skein {

/// The sample points of a picture: linspace(-extent, extent, n) on both axes, x along columns, y along rows
/// (row 0 at the top has y = -extent), d = 1.4 * sqrt(x*x + y*y), bias 1 (Picbreeder's convention). A picture
/// that is not square spans
/// [-extent, extent] on both axes all the same. Pixel p is row p / width, column p % width.
struct Grid {
  int width = 256;
  int height = 256;
  double extent = 1.0;  ///< 1 is the trained square; 2 zooms out to [-2, 2]

  std::size_t pixels() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(height); }
  /// Coordinate of column (or row) `index` of `count`; a single sample sits at 0.
  double coordinate(int index, int count) const {
    return count < 2 ? 0.0 : extent * (2.0 * index / (count - 1) - 1.0);
  }
  double x(int column) const { return coordinate(column, width); }
  double y(int row) const { return coordinate(row, height); }
  bool operator==(const Grid&) const = default;
};

inline constexpr double distance_scale = 1.4;  ///< Picbreeder's scale of the input d

/// Throws ConfigError unless both sides are in [1, 16384] and extent is positive and finite.
void validate(const Grid& grid);

}  // namespace skein
