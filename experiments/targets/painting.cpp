#include "experiments/targets/painting.hpp"

#include <algorithm>
#include <cmath>

#include "lib/base/parallel.hpp"

namespace skein::experiments {

Paint mixed(Paint a, Paint b, double share) {
  const double t = std::clamp(share, 0.0, 1.0);
  return {a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

Picture painted(const Grid& grid, const std::function<Paint(Spot)>& colour_at) {
  validate(grid);
  static constexpr int across = 4;
  Picture picture(grid.width, grid.height);
  const double step_x = 2 * grid.extent / std::max(1, grid.width - 1),
               step_y = 2 * grid.extent / std::max(1, grid.height - 1);
  parallel_for(static_cast<std::size_t>(grid.height), [&](std::size_t line) {
    const int row = static_cast<int>(line);
    std::size_t pixel = line * static_cast<std::size_t>(grid.width);
    for (int column = 0; column < grid.width; ++column, ++pixel) {
      double sum[3] = {0, 0, 0};
      for (int i = 0; i < across * across; ++i) {
        const auto aside = [](int n) { return (n + 0.5) / across - 0.5; };
        const Paint c = colour_at(
            {grid.x(column) + aside(i % across) * step_x, grid.y(row) + aside(i / across) * step_y});
        sum[0] += c.r, sum[1] += c.g, sum[2] += c.b;
      }
      for (int c = 0; c < 3; ++c)
        picture.channel(c)[pixel] = static_cast<float>(std::clamp(sum[c] / (across * across), 0.0, 1.0));
    }
  });
  return picture;
}

bool in_disc(Spot spot, Spot centre, double radius) {
  return std::hypot(spot.x - centre.x, spot.y - centre.y) < radius;
}

bool in_ellipse(Spot spot, Spot centre, double across, double down, double angle) {
  const double dx = spot.x - centre.x, dy = spot.y - centre.y, c = std::cos(angle), s = std::sin(angle);
  return std::hypot((c * dx + s * dy) / across, (c * dy - s * dx) / down) < 1;
}

bool in_box(Spot spot, Spot low, Spot high, double corner) {
  const double beside_x = std::max({low.x + corner - spot.x, spot.x - high.x + corner, 0.0});
  const double beside_y = std::max({low.y + corner - spot.y, spot.y - high.y + corner, 0.0});
  if (corner <= 0) return beside_x <= 0 && beside_y <= 0;
  return std::hypot(beside_x, beside_y) < corner;
}

bool in_polygon(Spot spot, std::initializer_list<Spot> corners) {
  bool inside = false;
  const Spot* before = corners.end() - 1;
  for (const Spot& corner : corners) {
    if ((corner.y <= spot.y) != (before->y <= spot.y) &&
        spot.x < corner.x + (before->x - corner.x) * (spot.y - corner.y) / (before->y - corner.y))
      inside = !inside;
    before = &corner;
  }
  return inside;
}

bool on_stroke(Spot spot, Spot from, Spot to, double width) {
  const double dx = to.x - from.x, dy = to.y - from.y, length2 = dx * dx + dy * dy;
  const double along =
      length2 > 0 ? std::clamp(((spot.x - from.x) * dx + (spot.y - from.y) * dy) / length2, 0.0, 1.0) : 0;
  return in_disc(spot, {from.x + along * dx, from.y + along * dy}, width / 2);
}

}  // namespace skein::experiments
