#include "experiments/drawing/drawing.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace skein::experiments {
namespace {

template <class... Fs>
struct Overload : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overload(Fs...) -> Overload<Fs...>;

}  // namespace

Colour diverging(double value) {
  if (!std::isfinite(value)) return {160, 160, 160};
  constexpr std::array<std::array<double, 3>, 5> anchors{
      {{178, 24, 43}, {239, 138, 98}, {255, 255, 255}, {103, 169, 207}, {33, 102, 172}}};
  const double place = (std::clamp(value, -1.0, 1.0) + 1) * 2;
  const auto low = std::min<std::size_t>(static_cast<std::size_t>(place), 3);
  const double t = place - static_cast<double>(low);
  const auto mix = [&](std::size_t c) {
    return static_cast<std::uint8_t>(std::lround(anchors[low][c] * (1 - t) + anchors[low + 1][c] * t));
  };
  return {mix(0), mix(1), mix(2)};
}

void Drawing::fill(double x, double y, double w, double h, Colour colour) {
  add(Area{{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, colour});
}

void Drawing::frame(double x, double y, double w, double h, Colour colour, double stroke) {
  const double s = stroke / 2;
  add(Line{{{x + s, y + s}, {x + w - s, y + s}, {x + w - s, y + h - s}, {x + s, y + h - s}},
           colour,
           stroke,
           true,
           {}});
}

void Drawing::line(Point a, Point b, Colour colour, double stroke) {
  add(Line{{a, b}, colour, stroke, false});
}

void Drawing::text(double x, double y, std::string words, TextStyle style) {
  add(Text{{x, y}, std::move(words), style});
}

void Drawing::place(const Drawing& other, double x, double y, double scale) {
  const auto moved = [&](Point p) { return Point{x + p.x * scale, y + p.y * scale}; };
  for (Mark mark : other.marks) {
    std::visit(Overload{[&](Area& a) { std::ranges::transform(a.points, a.points.begin(), moved); },
                        [&](Line& l) {
                          std::ranges::transform(l.points, l.points.begin(), moved);
                          l.width *= scale;
                        },
                        [&](Curve& c) {
                          for (Point* p : {&c.from, &c.first, &c.second, &c.to}) *p = moved(*p);
                          c.width *= scale;
                        },
                        [&](Bundle& b) {
                          for (auto& [from, to] : b.strokes) from = moved(from), to = moved(to);
                          b.width *= scale;
                        },
                        [&](Disc& d) {
                          d.centre = moved(d.centre);
                          d.radius *= scale;
                        },
                        [&](Bitmap& b) {
                          const Point corner = moved({b.x, b.y});
                          b.x = corner.x, b.y = corner.y;
                          b.width *= scale, b.height *= scale;
                        },
                        [&](Text& t) {
                          t.at = moved(t.at);
                          t.style.size *= scale;
                        }},
               mark);
    marks.push_back(std::move(mark));
  }
}

}  // namespace skein::experiments
