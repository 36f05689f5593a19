#include <algorithm>
#include <cmath>
#include <string>

#include "experiments/figures/drawing.hpp"
#include "experiments/figures/glyphs.hpp"
#include "lib/base/error.hpp"

namespace skein {
namespace {

/// Colours are blended by coverage in [0, 1]. One mark's coverage is gathered first and blended once, so that
/// the joints of a translucent line are not painted twice.
class Raster {
 public:
  Raster(int width, int height)
      : width_(width), height_(height), colour_(3 * count(), 1.0F), coverage_(count(), 0.0F) {}

  void stroke(const std::vector<Point>& points, bool closed, double width, Colour colour) {
    const double radius = std::max(width, 0.5) / 2;
    const double strength = std::min(1.0, width / 0.5);  // thinner than half a pixel: fainter instead
    cover_path(points, closed, radius);
    blend(colour, colour.alpha * strength);
  }

  void bundle(const Bundle& bundle) {
    for (const auto& [from, to] : bundle.strokes) cover_segment(from, to, std::max(bundle.width, 0.5) / 2);
    blend(bundle.colour, bundle.colour.alpha * std::min(1.0, bundle.width / 0.5));
  }

  void glyphs(const Text& text, double scale);
  void fill(const Area& area);
  void disc(const Disc& disc) {
    cover_segment(disc.centre, disc.centre, disc.radius);
    blend(disc.fill, disc.fill.alpha);
  }
  void stretch(const Bitmap& bitmap);
  Image finish() const;

 private:
  std::size_t count() const { return static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_); }
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
  }
  void cover(int x, int y, double amount) {
    if (amount <= 0) return;
    float& cell = coverage_[index(x, y)];
    if (cell == 0) touched_.push_back(index(x, y));
    cell = std::max(cell, static_cast<float>(std::min(1.0, amount)));
  }
  void cover_path(const std::vector<Point>& points, bool closed, double radius) {
    if (points.size() == 1) cover_segment(points[0], points[0], radius);
    for (std::size_t i = 0; i + 1 < points.size(); ++i) cover_segment(points[i], points[i + 1], radius);
    if (closed && points.size() > 2) cover_segment(points.back(), points.front(), radius);
  }
  void cover_segment(Point a, Point b, double radius);
  void blend(Colour colour, double alpha);

  int width_, height_;
  std::vector<float> colour_;    // shape (height, width, 3)
  std::vector<float> coverage_;  // shape (height, width), zero between marks
  std::vector<std::size_t> touched_;
};

void Raster::cover_segment(Point a, Point b, double radius) {
  const double reach = radius + 1;
  const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
  const int top = std::max(0, static_cast<int>(std::floor(std::min(a.y, b.y) - reach)));
  const int bottom = std::min(height_ - 1, static_cast<int>(std::ceil(std::max(a.y, b.y) + reach)));
  const double left = std::min(a.x, b.x) - reach, right = std::max(a.x, b.x) + reach;
  for (int y = top; y <= bottom; ++y) {
    double from = left, to = right;
    if (std::abs(dy) > 1e-9) {  // only the part of the row inside the strip around the line
      const double centre = a.x + dx * (y + 0.5 - a.y) / dy;
      const double half = reach * std::sqrt(length2) / std::abs(dy) + 1;
      from = std::max(from, centre - half), to = std::min(to, centre + half);
    }
    const int last = std::min(width_ - 1, static_cast<int>(std::ceil(to)));
    for (int x = std::max(0, static_cast<int>(std::floor(from))); x <= last; ++x) {
      const double px = x + 0.5 - a.x, py = y + 0.5 - a.y;
      const double t = length2 > 0 ? std::clamp((px * dx + py * dy) / length2, 0.0, 1.0) : 0.0;
      cover(x, y, radius + 0.5 - std::hypot(px - t * dx, py - t * dy));
    }
  }
}

void Raster::blend(Colour colour, double alpha) {
  const float rgb[3] = {float(colour.r) / 255, float(colour.g) / 255, float(colour.b) / 255};
  for (const std::size_t i : touched_) {
    const float a = coverage_[i] * static_cast<float>(alpha);
    for (std::size_t c = 0; c < 3; ++c) colour_[3 * i + c] += a * (rgb[c] - colour_[3 * i + c]);
    coverage_[i] = 0;
  }
  touched_.clear();
}

/// Even-odd, four sub-rows a pixel, exact along them.
void Raster::fill(const Area& area) {
  constexpr int sub_rows = 4;
  const auto& p = area.points;
  if (p.size() < 3) return;
  const auto [low, high] = std::ranges::minmax(p, {}, &Point::y);
  const int top = std::max(0, static_cast<int>(std::floor(low.y)));
  const int bottom = std::min(height_ - 1, static_cast<int>(std::ceil(high.y)));
  std::vector<double> crossings;
  std::vector<double> row(static_cast<std::size_t>(width_));
  for (int y = top; y <= bottom; ++y) {
    std::ranges::fill(row, 0.0);
    for (int s = 0; s < sub_rows; ++s) {
      const double at = y + (s + 0.5) / sub_rows;
      crossings.clear();
      for (std::size_t i = 0; i < p.size(); ++i) {
        const Point a = p[i], b = p[(i + 1) % p.size()];
        if ((a.y <= at) != (b.y <= at)) crossings.push_back(a.x + (b.x - a.x) * (at - a.y) / (b.y - a.y));
      }
      std::ranges::sort(crossings);
      for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
        const double from = std::max(0.0, crossings[i]), to = std::min(double(width_), crossings[i + 1]);
        for (int x = static_cast<int>(from); x < to; ++x)
          row[static_cast<std::size_t>(x)] += (std::min(to, x + 1.0) - std::max(from, double(x))) / sub_rows;
      }
    }
    for (int x = 0; x < width_; ++x) cover(x, y, row[static_cast<std::size_t>(x)]);
  }
  blend(area.colour, area.colour.alpha);
}

/// Each pixel takes the mean of the source pixels under it, or the nearest when enlarged.
void Raster::stretch(const Bitmap& b) {
  if (b.image.width < 1 || b.image.height < 1 || b.width <= 0 || b.height <= 0) return;
  const int left = static_cast<int>(std::lround(b.x)),
            right = std::max(left + 1, static_cast<int>(std::lround(b.x + b.width)));
  const int top = static_cast<int>(std::lround(b.y)),
            bottom = std::max(top + 1, static_cast<int>(std::lround(b.y + b.height)));
  const double across = double(b.image.width) / (right - left),
               down = double(b.image.height) / (bottom - top);
  for (int y = std::max(0, top); y < std::min(bottom, height_); ++y) {
    const int r0 = static_cast<int>((y - top) * down);
    const int r1 =
        std::clamp(static_cast<int>(std::ceil((y + 1 - top) * down - 1e-9)), r0 + 1, b.image.height);
    for (int x = std::max(0, left); x < std::min(right, width_); ++x) {
      const int c0 = static_cast<int>((x - left) * across);
      const int c1 =
          std::clamp(static_cast<int>(std::ceil((x + 1 - left) * across - 1e-9)), c0 + 1, b.image.width);
      double sum[3] = {0, 0, 0};
      for (int r = r0; r < r1; ++r)
        for (int c = c0; c < c1; ++c)
          for (std::size_t k = 0; k < 3; ++k) sum[k] += b.image.pixel(r, c)[k];
      float* out = &colour_[3 * index(x, y)];
      for (std::size_t k = 0; k < 3; ++k)
        out[k] += static_cast<float>(b.alpha) *
                  (static_cast<float>(sum[k] / (255.0 * (r1 - r0) * (c1 - c0))) - out[k]);
    }
  }
}

/// The height of x is rounded to whole pixels and the baseline to the middle of one, so that strokes are
/// sharp.
void Raster::glyphs(const Text& text, double scale) {
  const double unit = std::max(4.0, std::round(text.style.size * scale * 0.545)) / glyph_x_height;
  const double radius = std::max(0.55, unit * (text.style.bold ? 0.85 : 0.52));
  const auto letters = decode_utf8(text.text);
  double width = 0;
  for (const char32_t letter : letters) width += (glyph(letter).width + glyph_gap) * unit;
  width -= letters.empty() ? 0 : glyph_gap * unit;
  double along = text.style.anchor == Anchor::start    ? 0
                 : text.style.anchor == Anchor::middle ? -width / 2
                                                       : -width;
  const Point origin{text.at.x * scale, text.at.y * scale};
  const double base = std::floor(text.style.upward ? origin.x : origin.y) - 0.5;
  for (const char32_t letter : letters) {
    const Glyph& shape = glyph(letter);
    for (auto stroke : shape.strokes) {
      for (Point& p : stroke)
        p = text.style.upward ? Point{base - p.y * unit, origin.y - along - p.x * unit}
                              : Point{origin.x + along + p.x * unit, base - p.y * unit};
      cover_path(stroke, false, radius);
    }
    along += (shape.width + glyph_gap) * unit;
  }
  blend(text.style.colour, text.style.colour.alpha);
}

Image Raster::finish() const {
  Image raster(width_, height_);
  std::ranges::transform(colour_, raster.rgb.begin(), [](float v) {
    return static_cast<std::uint8_t>(std::lround(255 * std::clamp(v, 0.0F, 1.0F)));
  });
  return raster;
}

struct Painter {
  Raster& canvas;
  double scale;
  Point at(Point p) const { return {p.x * scale, p.y * scale}; }
  std::vector<Point> at(std::vector<Point> points) const {
    for (Point& p : points) p = at(p);
    return points;
  }
  void operator()(const Area& a) const { canvas.fill({at(a.points), a.colour}); }
  void operator()(const Line& l) const { canvas.stroke(at(l.points), l.closed, l.width * scale, l.colour); }
  void operator()(Bundle b) const {
    for (auto& [from, to] : b.strokes) from = at(from), to = at(to);
    b.width *= scale;
    canvas.bundle(b);
  }
  void operator()(const Disc& d) const { canvas.disc({at(d.centre), d.radius * scale, d.fill, {}}); }
  void operator()(const Text& t) const { canvas.glyphs(t, scale); }
  void operator()(const Bitmap& b) const {
    Bitmap scaled = b;
    scaled.x *= scale, scaled.y *= scale, scaled.width *= scale, scaled.height *= scale;
    canvas.stretch(scaled);
  }
};

}  // namespace

Image rasterise(const Drawing& drawing, double scale) {
  const double width = std::ceil(drawing.width * scale), height = std::ceil(drawing.height * scale);
  if (!(width >= 1 && height >= 1 && width <= largest_image_side && height <= largest_image_side))
    throw ConfigError("a figure of " + std::to_string(width) + " x " + std::to_string(height) +
                      " pixels cannot be drawn: 1 to 16384 a side");
  Raster canvas(static_cast<int>(width), static_cast<int>(height));
  for (const Mark& mark : drawing.marks) std::visit(Painter{canvas, scale}, mark);
  return canvas.finish();
}

}  // namespace skein
