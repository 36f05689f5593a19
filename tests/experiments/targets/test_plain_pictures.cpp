#include "experiments/targets/plain_pictures.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "experiments/targets/patterns.hpp"
#include "experiments/targets/targets.hpp"
#include "lib/base/parallel.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// The pixel at (x, y) of a picture of 64 x 64.
Paint pixel(const Picture& picture, double x, double y) {
  const auto place = [](double c) { return static_cast<std::size_t>(std::lround((c + 1) / 2 * 63)); };
  const std::size_t at = place(y) * 64 + place(x);
  return {double(picture.channel(0)[at]), double(picture.channel(1)[at]), double(picture.channel(2)[at])};
}

/// Mean difference between a picture and its mirror image.
double asymmetry(const Picture& picture) {
  double sum = 0;
  for (int c = 0; c < 3; ++c)
    for (std::size_t row = 0; row < 64; ++row)
      for (std::size_t column = 0; column < 64; ++column)
        sum += std::abs(double(picture.channel(c)[row * 64 + column]) -
                        double(picture.channel(c)[row * 64 + 63 - column]));
  return sum / (3 * 64 * 64);
}

Picture picture_of(const char* name) { return built_in_target(name).draw({64, 64}); }

}  // namespace

TEST_CASE("the cube is red, the sphere beside it yellow, and each throws a shadow") {
  const Picture picture = picture_of("@cube-sphere");
  const Paint cube = pixel(picture, -0.55, 0.05), sphere = pixel(picture, 0.5, -0.1),
              floor = pixel(picture, 0, 0.9), shadow = pixel(picture, 0.8, 0.2);
  CHECK(cube.r > 2.5 * cube.g);
  CHECK(sphere.r > 0.5);
  CHECK(sphere.g > 0.4);
  CHECK(sphere.b < 0.3);
  CHECK(std::abs(floor.r - floor.b) < 0.1);
  CHECK(shadow.g < 0.6 * floor.g);
}

TEST_CASE("the butterfly is its own mirror image and the same with and without a meadow") {
  const Picture plain = picture_of("@butterfly"), meadow = picture_of("@butterfly-meadow");
  CHECK(asymmetry(plain) < 1e-6);
  CHECK(asymmetry(meadow) > 0.01);
  CHECK(pixel(plain, 0.95, 0.95).g == 1);
  CHECK(pixel(meadow, 0.95, 0.95).g < 0.9);
  const Paint a = pixel(plain, 0.4, -0.24), b = pixel(meadow, 0.4, -0.24);
  CHECK(a.r == b.r);
  CHECK(a.g == b.g);
}

TEST_CASE("folding is one operation repeated") {
  for (const Spot spot : {Spot{0.3, -0.7}, Spot{-0.9, 0.2}, Spot{0, 0}}) {
    const Spot twice = folded(folded(spot, 2), 3), once = folded(spot, 5);
    CHECK(twice.x == once.x);
    CHECK(twice.y == once.y);
  }
  // By hand: a quarter turn of (1, 0) is (0, 1); scaled by 2 and shifted by (0.5, 0.25).
  const Spot quarter = folded({1, 0}, 1, {2, M_PI / 2, {0.5, 0.25}});
  CHECK(quarter.x == doctest::Approx(-0.5));
  CHECK(quarter.y == doctest::Approx(1.75));
  const Spot unmoved = folded({0.25, -0.5}, 0);
  CHECK(unmoved.x == 0.25);
  CHECK(unmoved.y == -0.5);
}

TEST_CASE("fold pictures have two colours, both of them much, and more borders with every fold") {
  double before = 0;
  for (int times = 1; times <= 6; ++times) {
    CAPTURE(times);
    const Picture picture = painted({96, 96}, [&](Spot spot) { return folds(spot, times); });
    double light = 0, borders = 0;
    for (std::size_t p = 0; p < picture.pixels(); ++p) {
      light += double(picture.rgb[p]) > 0.5;
      if (p % 96 != 0) borders += std::abs(double(picture.rgb[p]) - double(picture.rgb[p - 1])) > 0.3;
    }
    CHECK(light > 0.1 * double(picture.pixels()));
    CHECK(light < 0.9 * double(picture.pixels()));
    CHECK(borders > 1.1 * before);
    before = borders;
  }
}

TEST_CASE("the tiling repeats in both of its directions and has three colours in equal parts") {
  constexpr double side = 0.24;
  const double across =
      3 * std::sqrt(3.0) * side;  // three hexagons on; the other way one to the side and one down
  double share[3] = {0, 0, 0};
  for (int i = 0; i < 2000; ++i) {
    const Spot spot{-1 + 0.0011 * i, std::sin(0.37 * i)};
    const Paint here = tiling(spot), on = tiling({spot.x + across, spot.y}),
                below = tiling({spot.x + across / 2, spot.y + 1.5 * side});
    CHECK(here.r == on.r);
    CHECK(here.r == below.r);
    ++share[here.b < 0.3 ? 0 : here.b < 0.5 ? 1 : 2];
  }
  for (const double s : share) CHECK(s == doctest::Approx(2000.0 / 3).epsilon(0.15));
}

TEST_CASE("pictures by formula do not depend on the number of threads") {
  for (const char* name : {"@landscape", "@tree"}) {
    const Picture many = picture_of(name);
    const ThreadLimit one(1);
    CHECK(picture_of(name).rgb == many.rgb);
  }
}
