#include "lib/picture/descriptors.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

using namespace skein;

namespace {

/// Each pixel from its column and row in [-1, 1].
Picture paint(const std::function<std::array<double, 3>(double, double)>& colour, int side = 64) {
  Picture picture(side, side);
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      const auto rgb = colour(2.0 * column / (side - 1) - 1, 2.0 * row / (side - 1) - 1);
      for (int c = 0; c < 3; ++c)
        picture.channel(c)[static_cast<std::size_t>(row * side + column)] =
            static_cast<float>(rgb[static_cast<std::size_t>(c)]);
    }
  return picture;
}

std::array<double, 3> grey(double value) { return {value, value, value}; }

Picture noise() {
  RandomStream random(1, "test noise");
  return paint([&](double, double) {
    return std::array<double, 3>{random.uniform(), random.uniform(), random.uniform()};
  });
}

Picture disc(double at_x, double at_y) {
  return paint([=](double x, double y) { return grey(std::hypot(x - at_x, y - at_y) < 0.4 ? 0.9 : 0.1); });
}

}  // namespace

TEST_CASE("a plain picture is symmetric and has nothing else") {
  const Descriptors d = describe(paint([](double, double) { return std::array<double, 3>{0.3, 0.3, 0.3}; }));
  CHECK(d.complexity < 0.03);
  CHECK(d.symmetry_across == 1);
  CHECK(d.symmetry_down == 1);
  CHECK(d.coverage == 0);
  CHECK(d.colourfulness < 1e-6);
  CHECK(d.edges == 0);
  CHECK(d.frequency == 0);
  CHECK(figure_quality(paint([](double, double) { return grey(0.7); })) == 0);
}

TEST_CASE("symmetry tells the two axes apart") {
  const Descriptors left = describe(disc(-0.5, 0));
  CHECK(left.symmetry_across < 0.1);
  CHECK(left.symmetry_down == doctest::Approx(1));
  const Descriptors top = describe(disc(0, -0.5));
  CHECK(top.symmetry_across == doctest::Approx(1));
  CHECK(top.symmetry_down < 0.1);
}

TEST_CASE("coverage is the share of the figure") {
  const Descriptors d = describe(disc(0, 0));
  CHECK(d.coverage == doctest::Approx(3.14159265 * 0.16 / 4).epsilon(0.05));
}

TEST_CASE("a chessboard has frequency 1 and edges everywhere; slow waves have little of either") {
  Picture board(64, 64);
  for (std::size_t p = 0; p < board.pixels(); ++p)
    for (int c = 0; c < 3; ++c) board.channel(c)[p] = (p % 64 + p / 64) % 2 == 0 ? 1.0F : 0.0F;
  const Descriptors fine = describe(board);
  CHECK(fine.frequency == doctest::Approx(1));
  CHECK(fine.edges == 1);
  const Descriptors slow =
      describe(paint([](double x, double) { return grey(0.5 + 0.5 * std::sin(3 * x)); }));
  CHECK(slow.frequency < 0.05);
  CHECK(slow.edges == 0);
}

TEST_CASE("noise is complex, a gradient is not; colour counts as colour") {
  const Descriptors d = describe(noise());
  CHECK(d.complexity > 0.6);
  const auto ramp = describe(paint([](double x, double) { return grey(0.5 + 0.5 * x); }));
  CHECK(ramp.complexity < 0.2);
  CHECK(ramp.colourfulness < 1e-6);
  const auto bright = describe(paint([](double x, double) {
    return x < 0 ? std::array<double, 3>{1, 0, 0} : std::array<double, 3>{0, 1, 0};
  }));
  CHECK(bright.colourfulness == 1);
}

TEST_CASE("figures are worth more than gradients and noise") {
  const double figure = figure_quality(disc(0, 0));
  CHECK(figure > 0.2);
  CHECK(figure_quality(paint([](double x, double) { return grey(0.5 + 0.5 * x); })) == 0);
  CHECK(figure_quality(noise()) < 0.2 * figure);
}

TEST_CASE("every descriptor stays within 0 and 1 and pictures too small are refused") {
  for (const Picture& picture : {noise(), disc(0.1, 0.2), disc(2, 2)})
    for (const double value : describe(picture).values()) {
      CHECK(value >= 0);
      CHECK(value <= 1);
    }
  CHECK_NOTHROW(describe(Picture(2, 3)));
  CHECK_THROWS_AS(describe(Picture(1, 8)), ConfigError);
  CHECK_THROWS_AS(figure_quality(Picture()), ConfigError);
}
