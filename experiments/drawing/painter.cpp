#include "experiments/drawing/painter.hpp"

#include <cairo.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <numbers>

#include "experiments/drawing/font.hpp"
#include "lib/base/sound_text.hpp"

namespace skein::experiments {
namespace {

using SurfaceOwner = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;

/// The picture, faded towards white where `alpha` is below 1, as Cairo holds pixels: 32 bits, blue lowest.
SurfaceOwner surface_of(const Image& image, double alpha) {
  SurfaceOwner surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, image.width, image.height),
                       &cairo_surface_destroy);
  unsigned char* data = cairo_image_surface_get_data(surface.get());
  const int stride = cairo_image_surface_get_stride(surface.get());
  for (int row = 0; row < image.height; ++row)
    for (int column = 0; column < image.width; ++column) {
      const std::uint8_t* rgb = image.pixel(row, column);
      std::uint32_t pixel = 0;
      for (int c = 0; c < 3; ++c)
        pixel = pixel << 8 | static_cast<std::uint32_t>(std::lround(255 - alpha * (255 - rgb[c])));
      std::memcpy(data + std::ptrdiff_t{row} * stride + 4 * std::ptrdiff_t{column}, &pixel, sizeof pixel);
    }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

struct Painter {
  cairo_t* context;
  double scale;
  bool pixels;

  void colour(Colour c) const {
    cairo_set_source_rgba(context, c.r / 255.0, c.g / 255.0, c.b / 255.0, c.alpha);
  }
  void stroke(Colour c, double width) const {
    colour(c);
    cairo_set_line_width(context, width);
    cairo_stroke(context);
  }
  void path(const std::vector<Point>& points, bool closed) const {
    for (std::size_t i = 0; i < points.size(); ++i)
      (i == 0 ? cairo_move_to : cairo_line_to)(context, points[i].x, points[i].y);
    if (points.size() == 1) cairo_line_to(context, points[0].x, points[0].y);
    if (closed) cairo_close_path(context);
  }

  void operator()(const Area& a) const {
    path(a.points, true);
    colour(a.colour);
    cairo_fill(context);
  }
  void operator()(const Line& l) const {
    path(l.points, l.closed);
    stroke(l.colour, l.width);
  }
  void operator()(const Curve& c) const {
    cairo_move_to(context, c.from.x, c.from.y);
    cairo_curve_to(context, c.first.x, c.first.y, c.second.x, c.second.y, c.to.x, c.to.y);
    stroke(c.colour, c.width);
  }
  void operator()(const Bundle& b) const {
    for (const auto& [from, to] : b.strokes) {
      cairo_move_to(context, from.x, from.y);
      cairo_line_to(context, to.x, to.y);
    }
    stroke(b.colour, b.width);
  }
  void operator()(const Disc& d) const {
    cairo_new_sub_path(context);
    cairo_arc(context, d.centre.x, d.centre.y, d.radius, 0, 2 * std::numbers::pi);
    cairo_close_path(context);
    colour(d.fill);
    cairo_fill(context);
  }
  void operator()(const Bitmap& b) const;
  void operator()(const Text& t) const;
};

void Painter::operator()(const Bitmap& b) const {
  if (b.image.width < 1 || b.image.height < 1 || b.width <= 0 || b.height <= 0) return;
  double left = b.x, top = b.y, right = b.x + b.width, bottom = b.y + b.height;
  if (pixels) {
    for (double* side : {&left, &top, &right, &bottom}) *side = std::round(*side * scale) / scale;
    right = std::max(right, left + 1 / scale), bottom = std::max(bottom, top + 1 / scale);
  }
  const double across = (right - left) / b.image.width, down = (bottom - top) / b.image.height;
  const SurfaceOwner surface = surface_of(b.image, b.alpha);
  cairo_save(context);
  cairo_rectangle(context, left, top, right - left, bottom - top);
  if (pixels) cairo_clip(context);
  else cairo_new_path(context);
  cairo_translate(context, left, top);
  cairo_scale(context, across, down);
  cairo_set_source_surface(context, surface.get(), 0, 0);
  const bool enlarged = across * scale >= 1 && down * scale >= 1;
  cairo_pattern_set_filter(cairo_get_source(context), enlarged ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
  if (pixels) cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD);  // no pale border
  cairo_paint(context);
  cairo_restore(context);
}

void Painter::operator()(const Text& t) const {
  const std::string words = sound_text(t.text);
  const double width = text_width(t.text, t.style.size, t.style.bold);
  const double back = t.style.anchor == Anchor::start    ? 0
                      : t.style.anchor == Anchor::middle ? width / 2
                                                         : width;
  Point at = t.at;
  double& across_the_baseline = t.style.upward ? at.x : at.y;
  if (pixels) across_the_baseline = std::round(across_the_baseline * scale) / scale;
  cairo_save(context);
  cairo_translate(context, at.x, at.y);
  if (t.style.upward) cairo_rotate(context, -std::numbers::pi / 2);
  cairo_set_font_face(context, font_face(t.style.bold));
  cairo_set_font_size(context, t.style.size);
  colour(t.style.colour);
  cairo_move_to(context, -back, 0);
  cairo_show_text(context, words.c_str());
  cairo_restore(context);
  cairo_new_path(context);
}

}  // namespace

void paint_marks(cairo_t* context, const Drawing& drawing, double scale, bool pixels) {
  const std::unique_ptr<cairo_font_options_t, decltype(&cairo_font_options_destroy)> options(
      cairo_font_options_create(), &cairo_font_options_destroy);
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options.get(), pixels ? CAIRO_HINT_STYLE_SLIGHT : CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(context, options.get());
  cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND);
  cairo_set_fill_rule(context, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_scale(context, scale, scale);
  for (const Mark& mark : drawing.marks) std::visit(Painter{context, scale, pixels}, mark);
}

}  // namespace skein::experiments
