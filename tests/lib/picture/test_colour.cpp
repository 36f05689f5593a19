#include "lib/picture/colour.hpp"

#include <doctest/doctest.h>

#include "lib/base/random.hpp"

using namespace skein;

TEST_CASE("hsv to rgb hits the primaries, wraps the hue and folds the brightness") {
  const auto is = [](double h, double s, double v, double r, double g, double b) {
    const auto rgb = hsv_to_rgb(h, s, v);
    CHECK(rgb[0] == doctest::Approx(r));
    CHECK(rgb[1] == doctest::Approx(g));
    CHECK(rgb[2] == doctest::Approx(b));
  };
  is(0, 1, 1, 1, 0, 0);
  is(1.0 / 3, 1, 1, 0, 1, 0);
  is(2.0 / 3, 1, 1, 0, 0, 1);
  is(-1.0 / 3, 1, 1, 0, 0, 1);
  is(-7, 1, 1, 1, 0, 0);
  is(0.25, 0, -0.5, 0.5, 0.5, 0.5);
  is(0.25, -3, 9, 1, 1, 1);
}

TEST_CASE("the colour gradient agrees with central differences away from its corners") {
  RandomStream random(1, "colour");
  constexpr double step = 1e-6;
  int compared = 0;
  for (int i = 0; i < 20000; ++i) {
    const double h = random.uniform(-3, 3), s = random.uniform(-0.5, 1.5), v = random.uniform(-1.5, 1.5);
    const double sector = 6 * (h - std::floor(h));
    const auto near = [](double a, double b) { return std::abs(a - b) < 1e-4; };
    if (near(sector, std::round(sector)) || near(s, 0) || near(s, 1) || near(v, 0) || near(std::abs(v), 1))
      continue;
    const std::array<double, 3> upstream{random.normal(), random.normal(), random.normal()};
    const auto value = [&](double hh, double ss, double vv) {
      const auto rgb = hsv_to_rgb(hh, ss, vv);
      return upstream[0] * rgb[0] + upstream[1] * rgb[1] + upstream[2] * rgb[2];
    };
    const auto gradient = hsv_to_rgb_gradient(h, s, v, upstream);
    CAPTURE(h);
    CAPTURE(s);
    CAPTURE(v);
    REQUIRE(
        gradient[0] ==
        doctest::Approx((value(h + step, s, v) - value(h - step, s, v)) / (2 * step)).epsilon(1e-5).scale(1));
    REQUIRE(
        gradient[1] ==
        doctest::Approx((value(h, s + step, v) - value(h, s - step, v)) / (2 * step)).epsilon(1e-5).scale(1));
    REQUIRE(
        gradient[2] ==
        doctest::Approx((value(h, s, v + step) - value(h, s, v - step)) / (2 * step)).epsilon(1e-5).scale(1));
    ++compared;
  }
  CHECK(compared > 19000);
}

TEST_CASE("subgradients at the corners are those documented") {
  const std::array<double, 3> up{1, 1, 1};
  CHECK(hsv_to_rgb_gradient(0.2, 0.0, 0.5, up)[1] != 0);
  CHECK(hsv_to_rgb_gradient(0.2, 1.0, 0.5, up)[1] != 0);
  CHECK(hsv_to_rgb_gradient(0.2, -0.01, 0.5, up)[1] == 0);
  CHECK(hsv_to_rgb_gradient(0.2, 1.01, 0.5, up)[1] == 0);
  CHECK(hsv_to_rgb_gradient(0.2, 0.5, 0.0, up)[2] == 0);
  CHECK(hsv_to_rgb_gradient(0.2, 0.5, 1.0, up)[2] != 0);
  CHECK(hsv_to_rgb_gradient(0.2, 0.5, 1.01, up)[2] == 0);
  CHECK(hsv_to_rgb_gradient(0.2, 0.5, -0.5, up)[2] == -hsv_to_rgb_gradient(0.2, 0.5, 0.5, up)[2]);
}
