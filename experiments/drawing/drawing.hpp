#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lib/picture/image.hpp"

namespace skein::experiments {

/// A colour in sRGB with coverage `alpha` in [0, 1].
struct Colour {
  std::uint8_t r = 0, g = 0, b = 0;
  double alpha = 1;
  bool operator==(const Colour&) const = default;
  constexpr Colour with_alpha(double a) const { return {r, g, b, a}; }
};

namespace colours {
inline constexpr Colour paper{255, 255, 255};
inline constexpr Colour ink{26, 26, 26};       ///< text and frames; follows the page's colour in SVG
inline constexpr Colour faint{128, 128, 128};  ///< axes, captions
inline constexpr Colour hairline{205, 205, 205};
/// Series colours that stay apart for the colour-blind (Okabe and Ito 2008), yellow left out.
inline constexpr Colour series[] = {{0, 114, 178},  {213, 94, 0},  {0, 158, 115}, {204, 121, 167},
                                    {86, 180, 233}, {230, 159, 0}, {90, 90, 90}};
inline constexpr int series_count = 7;
inline constexpr Colour positive{0, 114, 178};  ///< weights above zero
inline constexpr Colour negative{213, 94, 0};   ///< weights below zero
}  // namespace colours

/// Red-white-blue for a value in [-1, 1]: -1 dark red, 0 white, 1 dark blue (the five anchors of
/// ColorBrewer's RdBu, Brewer 2003, with white in the middle). Values beyond are clipped; what is not finite
/// is grey.
Colour diverging(double value);

/// A position in units of the drawing, y down; one unit is one pixel at scale 1.
struct Point {
  double x = 0, y = 0;
  bool operator==(const Point&) const = default;
};

/// A stroke through the points with round ends and joints. `title` is shown when pointed at (SVG).
struct Line {
  std::vector<Point> points;
  Colour colour = colours::ink;
  double width = 1;
  bool closed = false;
  std::string title = {};
};

/// A filled polygon (even-odd).
struct Area {
  std::vector<Point> points;
  Colour colour = colours::ink;
};

/// A stroke along a cubic Bezier curve with round ends.
struct Curve {
  Point from, first, second, to;
  Colour colour = colours::ink;
  double width = 1;
  std::string title = {};
};

/// Separate straight strokes painted as one mark: where they cross, a translucent colour is not painted
/// twice.
struct Bundle {
  std::vector<std::pair<Point, Point>> strokes;
  Colour colour = colours::ink;
  double width = 1;
};

struct Disc {
  Point centre;
  double radius = 3;
  Colour fill = colours::ink;
  std::string title = {};
};

enum class Anchor { start, middle, end };

struct TextStyle {
  double size = 12;  ///< as in CSS: the height of x is 0.547 of it
  Anchor anchor = Anchor::start;
  Colour colour = colours::ink;
  bool bold = false;
  bool upward = false;  ///< turned a quarter to the left, read from below to above
};

/// One line of text, `at` on its baseline.
struct Text {
  Point at;
  std::string text;
  TextStyle style;
};

/// A picture stretched over a rectangle: enlarged, its pixels stay squares.
struct Bitmap {
  double x = 0, y = 0, width = 0, height = 0;
  Image image;
  double alpha = 1;  ///< below 1 the picture fades towards white
  std::string title = {};
};

using Mark = std::variant<Area, Line, Curve, Bundle, Disc, Bitmap, Text>;

/// A figure as a list of marks, painted in order on white; figure_file.hpp writes it.
struct Drawing {
  double width = 0;
  double height = 0;
  std::vector<Mark> marks;

  void add(Mark mark) { marks.push_back(std::move(mark)); }
  void fill(double x, double y, double w, double h, Colour colour);
  /// A frame whose stroke runs inside the rectangle's border.
  void frame(double x, double y, double w, double h, Colour colour = colours::ink, double stroke = 1);
  void line(Point a, Point b, Colour colour = colours::ink, double stroke = 1);
  void text(double x, double y, std::string words, TextStyle style = {});
  /// Paints `other` with its origin at (x, y), enlarged by `scale`.
  void place(const Drawing& other, double x, double y, double scale = 1);
};

}  // namespace skein::experiments
