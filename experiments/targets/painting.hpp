#pragma once

#include <functional>

#include "lib/network/grid.hpp"
#include "lib/picture/picture.hpp"

namespace skein::experiments {

/// A point of the picture's plane, x to the right, y down, both in [-1, 1] where the picture is not zoomed.
struct Spot {
  double x = 0, y = 0;
};

/// A colour in sRGB, each channel in [0, 1].
struct Paint {
  double r = 0, g = 0, b = 0;
};

/// Between the two: `a` at 0, `b` at 1; `share` is clamped.
Paint mixed(Paint a, Paint b, double share);

/// The picture of a formula, each pixel the mean of 4 x 4 points inside of it, so that edges are smooth. Rows
/// in parallel: `colour_at` is a pure function.
Picture painted(const Grid& grid, const std::function<Paint(Spot)>& colour_at);

/// Whether a spot lies in a shape; borders belong to none in particular.
bool in_disc(Spot spot, Spot centre, double radius);
/// An ellipse turned by `angle` radians (from x towards y).
bool in_ellipse(Spot spot, Spot centre, double across, double down, double angle = 0);
bool in_box(Spot spot, Spot low, Spot high, double corner = 0);   ///< corners rounded by `corner`
bool in_polygon(Spot spot, std::initializer_list<Spot> corners);  ///< even-odd
/// A stroke with round ends.
bool on_stroke(Spot spot, Spot from, Spot to, double width);

}  // namespace skein::experiments
