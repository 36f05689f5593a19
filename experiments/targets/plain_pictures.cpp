#include "experiments/targets/plain_pictures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

constexpr Paint white{1, 1, 1}, black{0.08, 0.07, 0.07};

/// Paints shapes over each other: the last that holds the spot shows.
struct Layers {
  Paint shown;
  void paint(bool inside, Paint colour) {
    if (inside) shown = colour;
  }
};

struct Vector {
  double x = 0, y = 0, z = 0;
};
Vector operator+(Vector a, Vector b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
Vector operator-(Vector a, Vector b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
Vector operator*(double s, Vector a) { return {s * a.x, s * a.y, s * a.z}; }
double dot(Vector a, Vector b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
Vector unit(Vector a) { return (1 / std::sqrt(dot(a, a))) * a; }

constexpr double far_away = std::numeric_limits<double>::infinity();

/// Where a ray meets a surface, with the surface's direction and colour there.
struct Meeting {
  double distance = far_away;
  Vector normal;
  Paint colour;
};

constexpr Vector sphere_centre{0.72, 0.6, 0.1};
constexpr double sphere_radius = 0.6;
constexpr Vector cube_centre{-0.72, 0.52, 0};
constexpr double cube_half = 0.52, cube_angle = 0.62;

Meeting meet_sphere(Vector from, Vector along) {
  const Vector to = from - sphere_centre;
  const double half = dot(to, along), inside = half * half - dot(to, to) + sphere_radius * sphere_radius;
  if (inside < 0) return {};
  const double distance = -half - std::sqrt(inside);
  if (distance < 1e-6) return {};
  return {distance, (1 / sphere_radius) * (to + distance * along), {0.97, 0.82, 0.13}};
}

Meeting meet_cube(Vector from, Vector along) {
  // In the cube's own axes, turned about the upright.
  const double c = std::cos(cube_angle), s = std::sin(cube_angle);
  const auto turned = [&](Vector v) {
    return std::array<double, 3>{c * v.x - s * v.z, v.y, s * v.x + c * v.z};
  };
  const auto at = turned(from - cube_centre), way = turned(along);
  double enter = 0, leave = far_away;
  std::size_t axis = 3;
  for (std::size_t i = 0; i < 3; ++i) {
    if (std::abs(way[i]) < 1e-12) {
      if (std::abs(at[i]) > cube_half) return {};
      continue;
    }
    const double a = (-cube_half - at[i]) / way[i], b = (cube_half - at[i]) / way[i];
    if (std::min(a, b) > enter) enter = std::min(a, b), axis = i;
    leave = std::min(leave, std::max(a, b));
  }
  if (axis == 3 || enter > leave || enter < 1e-6) return {};
  const double sign = way[axis] > 0 ? -1 : 1;
  const Vector normal = axis == 0 ? Vector{c, 0, -s} : axis == 1 ? Vector{0, 1, 0} : Vector{s, 0, c};
  return {enter, sign * normal, {0.84, 0.12, 0.12}};
}

Meeting meet_floor(Vector from, Vector along) {
  if (along.y > -1e-9) return {};
  return {-from.y / along.y, {0, 1, 0}, {0.62, 0.63, 0.66}};
}

Meeting meet_all(Vector from, Vector along) {
  Meeting nearest = meet_floor(from, along);
  for (const Meeting& other : {meet_cube(from, along), meet_sphere(from, along)})
    if (other.distance < nearest.distance) nearest = other;
  return nearest;
}

/// Value noise in [0, 1]: random values at whole places, smoothly between them.
double noise(double x, double y, std::uint32_t kind) {
  const double fx = std::floor(x), fy = std::floor(y);
  const auto value = [&](int i, int j) {
    const auto place = [](double whole, int more) {
      return static_cast<std::uint32_t>(static_cast<std::int64_t>(whole) + more);
    };
    return philox({place(fx, i), place(fy, j), kind, 0}, {1717, 4})[0] / 4294967296.0;
  };
  const auto smooth = [](double t) { return t * t * (3 - 2 * t); };
  const double tx = smooth(x - fx), ty = smooth(y - fy);
  const double above = value(0, 0) + (value(1, 0) - value(0, 0)) * tx,
               below = value(0, 1) + (value(1, 1) - value(0, 1)) * tx;
  return above + (below - above) * ty;
}

/// Noise of several sizes on top of each other, in [0, 1].
double rough_noise(double x, double y, std::uint32_t kind, int octaves) {
  double sum = 0, weight = 0, share = 1;
  for (int o = 0; o < octaves; ++o, share /= 2, x *= 2, y *= 2) {
    sum += share * noise(x, y, kind + static_cast<std::uint32_t>(o));
    weight += share;
  }
  return sum / weight;
}

/// The butterfly where it is, nothing of the ground.
bool paint_butterfly(Layers& layers, Spot spot) {
  const Spot p{std::abs(spot.x), spot.y};
  const bool upper = in_ellipse(p, {0.43, -0.26}, 0.5, 0.3, -0.7),
             lower = in_ellipse(p, {0.33, 0.32}, 0.34, 0.25, 0.75);
  const bool body = in_ellipse(p, {0, 0.05}, 0.055, 0.42), head = in_disc(p, {0, -0.42}, 0.08);
  const bool feeler = on_stroke(p, {0.02, -0.47}, {0.2, -0.78}, 0.022) || in_disc(p, {0.2, -0.78}, 0.03);
  if (!upper && !lower && !body && !head && !feeler) return false;
  layers.paint(lower, black);
  layers.paint(in_ellipse(p, {0.32, 0.31}, 0.28, 0.19, 0.75), {0.93, 0.53, 0.12});
  layers.paint(in_disc(p, {0.4, 0.38}, 0.075), black);
  layers.paint(in_disc(p, {0.4, 0.38}, 0.04), {0.35, 0.62, 0.86});
  layers.paint(upper, black);
  layers.paint(in_ellipse(p, {0.4, -0.24}, 0.4, 0.22, -0.7), {0.95, 0.6, 0.15});
  layers.paint(upper && on_stroke(p, {0.08, -0.02}, {0.72, -0.36}, 0.022), black);
  layers.paint(upper && on_stroke(p, {0.08, -0.04}, {0.5, -0.55}, 0.022), black);
  for (const Spot dot : {Spot{0.745, -0.57}, Spot{0.79, -0.46}, Spot{0.76, -0.35}, Spot{0.66, -0.63}})
    layers.paint(upper && in_disc(p, dot, 0.028), white);
  layers.paint(body || head || feeler, black);
  return true;
}

}  // namespace

Paint cube_and_sphere(Spot spot) {
  const Vector eye{0, 2.1, -5.2}, ahead = unit(Vector{0, 0.42, 0} - eye), right{1, 0, 0};
  const Vector up = {0, ahead.z, -ahead.y};
  const Vector along = unit(ahead + 0.29 * (spot.x * right + (-spot.y) * up));
  const Meeting met = meet_all(eye, along);
  const Paint sky = mixed({0.93, 0.94, 0.96}, {0.74, 0.80, 0.88}, 4 * along.y + 1.2);
  if (met.distance == far_away) return sky;
  const Vector place = eye + met.distance * along, lamp = unit({-0.55, 1.25, -0.75});
  const bool shadow = meet_all(place + 1e-4 * met.normal, lamp).distance < far_away;
  const double light = 0.36 + (shadow ? 0 : 0.66 * std::max(0.0, dot(met.normal, lamp)));
  const Paint lit{met.colour.r * light, met.colour.g * light, met.colour.b * light};
  return met.normal.y == 1 && place.y < 1e-9 ? mixed(lit, sky, (met.distance - 6) / 14) : lit;
}

Paint car(Spot spot) {
  Layers layers{mixed({0.62, 0.80, 0.94}, {0.90, 0.95, 0.98}, 0.5 + spot.y)};
  layers.paint(spot.y > 0.42, {0.36, 0.37, 0.39});
  layers.paint(spot.y > 0.66 && spot.y < 0.7 && std::abs(std::remainder(spot.x, 0.5)) < 0.14,
               {0.95, 0.93, 0.82});
  const Paint body{0.13, 0.33, 0.68}, glass{0.80, 0.91, 0.95};
  layers.paint(in_polygon(spot, {{-0.5, -0.02}, {-0.3, -0.36}, {0.22, -0.36}, {0.5, -0.02}}), body);
  layers.paint(in_polygon(spot, {{-0.4, -0.04}, {-0.26, -0.29}, {-0.07, -0.29}, {-0.07, -0.04}}), glass);
  layers.paint(in_polygon(spot, {{-0.02, -0.04}, {-0.02, -0.29}, {0.18, -0.29}, {0.38, -0.04}}), glass);
  layers.paint(in_box(spot, {-0.86, -0.06}, {0.86, 0.3}, 0.1), body);
  layers.paint(in_box(spot, {-0.86, 0.2}, {0.86, 0.3}, 0.05), {0.09, 0.22, 0.47});
  layers.paint(in_box(spot, {-0.03, 0.04}, {0.09, 0.07}, 0.015), {0.85, 0.87, 0.9});
  layers.paint(in_ellipse(spot, {0.8, 0.08}, 0.05, 0.07), {0.99, 0.93, 0.6});
  layers.paint(in_ellipse(spot, {-0.81, 0.06}, 0.04, 0.07), {0.82, 0.13, 0.12});
  for (const double x : {-0.5, 0.5}) {
    layers.paint(in_disc(spot, {x, 0.3}, 0.21), black);
    layers.paint(in_disc(spot, {x, 0.3}, 0.11), {0.75, 0.77, 0.8});
    layers.paint(in_disc(spot, {x, 0.3}, 0.03), black);
  }
  return layers.shown;
}

Paint cat(Spot spot) {
  const Spot p{std::abs(spot.x), spot.y};
  const Paint fur{0.90, 0.58, 0.26}, dark{0.71, 0.40, 0.15}, pale{0.98, 0.90, 0.78}, pink{0.93, 0.55, 0.57};
  Layers layers{mixed({0.80, 0.90, 0.86}, {0.62, 0.78, 0.75}, 0.5 + 0.5 * spot.y)};
  layers.paint(spot.y > 0.8, {0.55, 0.40, 0.30});
  layers.paint(
      on_stroke(spot, {0.3, 0.78}, {0.72, 0.72}, 0.15) || on_stroke(spot, {0.72, 0.72}, {0.82, 0.36}, 0.15),
      dark);
  layers.paint(in_ellipse(p, {0, 0.52}, 0.44, 0.44), fur);
  layers.paint(in_ellipse(p, {0, 0.58}, 0.2, 0.34), pale);
  layers.paint(in_ellipse(p, {0.17, 0.88}, 0.15, 0.08), pale);
  layers.paint(in_polygon(p, {{0.08, -0.5}, {0.42, -0.92}, {0.5, -0.25}}), fur);
  layers.paint(in_polygon(p, {{0.18, -0.52}, {0.38, -0.77}, {0.43, -0.36}}), pink);
  layers.paint(in_ellipse(p, {0, -0.24}, 0.5, 0.41), fur);
  for (const double x : {0.0, 0.13})
    layers.paint(
        on_stroke(p, {x, -0.62 + 0.5 * x}, {0.8 * x, -0.46}, 0.045) && in_ellipse(p, {0, -0.24}, 0.5, 0.41),
        dark);
  layers.paint(in_ellipse(p, {0.11, -0.06}, 0.15, 0.12), pale);
  layers.paint(in_ellipse(p, {0.21, -0.28}, 0.115, 0.105), white);
  layers.paint(in_ellipse(p, {0.21, -0.28}, 0.095, 0.09), {0.42, 0.66, 0.25});
  layers.paint(in_ellipse(p, {0.21, -0.28}, 0.03, 0.085), black);
  layers.paint(in_polygon(p, {{-0.07, -0.15}, {0.07, -0.15}, {0, -0.07}}), pink);
  const double smile = std::hypot(p.x - 0.075, p.y + 0.055);
  layers.paint(smile > 0.062 && smile < 0.085 && p.y > -0.055, dark);
  for (const double slope : {-0.05, 0.06})
    layers.paint(on_stroke(p, {0.24, -0.05 + slope / 2}, {0.72, -0.08 + 2 * slope}, 0.014),
                 {0.25, 0.2, 0.18});
  return layers.shown;
}

Paint butterfly(Spot spot) {
  Layers layers{white};
  paint_butterfly(layers, spot);
  return layers.shown;
}

Paint butterfly_on_meadow(Spot spot) {
  Layers layers{white};
  if (paint_butterfly(layers, spot)) return layers.shown;
  const double edge = 0.18 + 0.12 * std::sin(2.2 * spot.x + 0.6);
  layers.shown = mixed({0.45, 0.70, 0.93}, {0.87, 0.94, 0.98}, 0.5 + 0.6 * spot.y);
  layers.paint(spot.y > edge - 0.12 + 0.1 * std::cos(3 * spot.x), {0.36, 0.60, 0.42});
  const double blades = 0.5 + 0.5 * std::sin(34 * spot.x + 3 * std::sin(9 * spot.y));
  if (spot.y > edge) layers.shown = mixed({0.28, 0.55, 0.20}, {0.52, 0.74, 0.27}, blades * (spot.y + 0.4));
  constexpr std::array<Spot, 7> flowers{
      {{-0.82, 0.52}, {-0.6, 0.84}, {-0.12, 0.88}, {0.3, 0.74}, {0.62, 0.86}, {0.86, 0.5}, {0.72, 0.62}}};
  for (const Spot& centre : flowers) {
    const double angle = std::atan2(spot.y - centre.y, spot.x - centre.x);
    layers.paint(in_disc(spot, centre, 0.065 + 0.025 * std::cos(5 * angle)), {0.96, 0.90, 0.97});
    layers.paint(in_disc(spot, centre, 0.028), {0.96, 0.78, 0.15});
  }
  return layers.shown;
}

Paint landscape(Spot spot) {
  const auto [x, y] = spot;
  constexpr double shore = 0.22, bank = 0.52;
  // The lake mirrors what stands above its far shore, darker and torn by waves.
  if (y > shore && y < bank + 0.05 * std::sin(3 * x)) {
    const double torn = 0.05 * (rough_noise(7 * x, 40 * y, 40, 3) - 0.5);
    const Paint mirrored = landscape({x + torn, std::min(shore, 2 * shore - y - 0.02)});
    return mixed(mirrored, {0.20, 0.36, 0.50}, 0.3 + 0.5 * (y - shore));
  }
  if (y >= shore) {
    const double blades = rough_noise(38 * x, 11 * y, 60, 3), patches = rough_noise(4 * x, 4 * y, 70, 3);
    return mixed(mixed({0.13, 0.30, 0.10}, {0.50, 0.62, 0.22}, 1.7 * blades - 0.35), {0.62, 0.55, 0.26},
                 1.6 * patches - 0.75);
  }
  const double forest = 0.12 + 0.07 * rough_noise(26 * x, 0, 50, 3) - 0.05 * std::sin(2 * x);
  if (y > forest) return mixed({0.07, 0.20, 0.13}, {0.20, 0.38, 0.20}, rough_noise(30 * x, 22 * y, 54, 3));
  const double ridge = 0.18 - 0.75 * rough_noise(1.9 * x + 9.3, 0, 10, 6) * (1 - 0.35 * x * x);
  if (y > ridge) {
    const double rock = rough_noise(9 * x, 9 * y, 20, 4), depth = y - ridge;
    const Paint stone = mixed({0.33, 0.33, 0.40}, {0.58, 0.55, 0.56}, 1.8 * rock - 0.4);
    return depth < 0.16 * rock + 0.02 ? mixed({0.98, 0.98, 1}, {0.80, 0.86, 0.94}, 1.6 * rock - 0.4) : stone;
  }
  Layers layers{mixed({0.35, 0.58, 0.86}, {0.94, 0.90, 0.82}, 1 + 0.9 * y)};
  const double clouds = rough_noise(2.2 * x + 3, 5 * y, 30, 5);
  layers.shown = mixed(layers.shown, white, 3.2 * (clouds - 0.52));
  layers.paint(in_disc(spot, {0.55, -0.68}, 0.11), {1, 0.93, 0.66});
  return layers.shown;
}

}  // namespace skein::experiments
