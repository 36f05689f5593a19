#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "experiments/figures/drawing.hpp"

namespace skein {

/// The pen strokes of one letter in glyph units: x to the right from 0, y up, baseline 0, height of x 6,
/// capitals 9, descenders to -3.
struct Glyph {
  std::vector<std::vector<Point>> strokes;
  double width = 0;  ///< of the ink, without the space around it
};

inline constexpr double glyph_x_height = 6;
inline constexpr double glyph_capital_height = 9;
inline constexpr double glyph_gap = 2.6;  ///< between two letters' ink

/// Letters of skein's own stroke font: printable ASCII, some signs of figures; a box for what it has not.
const Glyph& glyph(char32_t letter);

/// Code points of UTF-8; damaged bytes come as U+FFFD.
std::vector<char32_t> decode_utf8(std::string_view text);

}  // namespace skein
