// Each picture measure on pictures whose answer is known.
#include "experiments/regime/picture_measures.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

constexpr int side = 128;

template <class Shade>
Picture grey(const Shade& shade, int width = side, int height = side) {
  Picture picture(width, height);
  for (int c = 0; c < 3; ++c)
    for (int row = 0; row < height; ++row)
      for (int column = 0; column < width; ++column)
        picture.channel(c)[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                           static_cast<std::size_t>(column)] = static_cast<float>(shade(row, column));
  return picture;
}

Picture plain() {
  return grey([](int, int) { return 0.4; });
}

Picture chessboard(int square) {
  return grey([=](int row, int column) { return (row / square + column / square) % 2; });
}

Picture white_noise() {
  RandomStream random(3, "white noise");
  Picture picture(side, side);
  for (float& value : picture.rgb) value = static_cast<float>(random.uniform());
  return picture;
}

/// Shades whose power falls as 1 / f^a exactly: waves of every direction with random phases.
Picture power_noise(double a) {
  RandomStream random(5, "power noise");
  std::vector<double> shades(static_cast<std::size_t>(side) * side);
  std::vector<double> cosines(side);
  for (int k = 0; k < side; ++k)
    cosines[static_cast<std::size_t>(k)] = std::cos(2 * std::numbers::pi * k / side);
  for (int u = 0; u < side / 2; ++u)
    for (int v = -side / 2 + 1; v < side / 2; ++v) {
      if (u == 0 && v <= 0) continue;
      const double amplitude = std::pow(std::hypot(u, v), -a / 2);
      const int phase = static_cast<int>(random.below(side));
      for (int row = 0; row < side; ++row)
        for (int column = 0; column < side; ++column)
          shades[static_cast<std::size_t>(row) * side + static_cast<std::size_t>(column)] +=
              amplitude *
              cosines[static_cast<std::size_t>(((u * column + v * row + phase) % side + side) % side)];
    }
  double largest = 0;
  for (const double shade : shades) largest = std::max(largest, std::abs(shade));
  return grey([&](int row, int column) {
    return 0.5 +
           0.49 * shades[static_cast<std::size_t>(row) * side + static_cast<std::size_t>(column)] / largest;
  });
}

Mask mask_of(int size, bool (*inside)(int row, int column)) {
  Mask mask{size, size, {}};
  for (int row = 0; row < size; ++row)
    for (int column = 0; column < size; ++column) mask.set.push_back(inside(row, column));
  return mask;
}

}  // namespace

TEST_CASE("a picture of one colour has nothing to it") {
  const PictureMeasures measures = measure_picture(plain());
  CHECK(measures[0] < 0.01);  // PNG
  CHECK(measures[1] < 0.02);  // JPEG: headers and one shade a block
  CHECK(measures[2] == 0);    // entropy
  CHECK(measures[3] == 0);    // edges
  CHECK(measures[4] == 0);    // spectral slope
  CHECK(measures[5] == 0);    // box dimension
  CHECK(measures[6] == 1);    // one region
}

TEST_CASE("noise does not compress, a chessboard does, in PNG and in JPEG") {
  CHECK(png_share(white_noise()) > 0.95);
  CHECK(png_share(white_noise()) < 1.02);
  CHECK(png_share(chessboard(8)) < 0.02);
  CHECK(jpeg_share(white_noise()) > 0.2);
  CHECK(jpeg_share(white_noise()) > 5 * jpeg_share(chessboard(8)));
  CHECK(jpeg_share(chessboard(8)) > jpeg_share(plain()));
}

TEST_CASE(
    "entropy is one bit for two shades in equal parts, two for four, and near eight for noise in grey") {
  CHECK(shade_entropy(chessboard(4)) == doctest::Approx(1));
  CHECK(shade_entropy(grey([](int, int column) { return (column / 32) / 3.0; })) == doctest::Approx(2));
  // Every shade as often as every other.
  CHECK(shade_entropy(grey([](int row, int column) { return (37 * (row * side + column) % 256) / 255.0; })) ==
        doctest::Approx(8));
}

TEST_CASE("edges are the pixels before a step") {
  // A chessboard of squares of 8: in each row of squares 15 columns before a step of 128 rows, likewise downwards.
  const Mask edges = edge_mask(chessboard(8));
  const double expected = 1 - std::pow(1 - 15.0 / 128, 2);
  CHECK(density(edges) == doctest::Approx(expected));
  CHECK(density(edge_mask(grey([](int, int column) { return column / 200.0; }))) ==
        0);  // a gentle slope has none
}

TEST_CASE("the spectral slope of noise whose power falls as 1/f^a is a") {
  CHECK(spectral_slope(white_noise()) == doctest::Approx(0).epsilon(0.1));
  for (const double a : {1.0, 2.0}) CHECK(std::abs(spectral_slope(power_noise(a)) - a) < 0.15);
}

TEST_CASE("a line has box dimension 1, a filled square 2, a Sierpinski carpet log 8 / log 3 or near it") {
  CHECK(box_dimension(mask_of(128, [](int row, int) { return row == 40; })) == doctest::Approx(1));
  CHECK(box_dimension(mask_of(128, [](int row, int column) { return row == column; })) == doctest::Approx(1));
  CHECK(box_dimension(mask_of(128, [](int, int) { return true; })) == doctest::Approx(2));
  CHECK(box_dimension(mask_of(128, [](int row, int column) { return (row & column) == 0; })) ==
        doctest::Approx(std::log2(3.0)));  // Sierpinski's triangle, of three halves
  CHECK(box_dimension(mask_of(128, [](int, int) { return false; })) == 0);
}

TEST_CASE("regions are counted, specks are not") {
  CHECK(region_count_of(chessboard(8)) == 256);
  CHECK(region_count_of(chessboard(1)) == 0);
  CHECK(region_count_of(grey([](int, int column) { return column < 64 ? 0.1 : 0.9; })) == 2);
  // The same shade on both sides of a line is two regions; touching corners do not join.
  CHECK(region_count_of(grey([](int row, int) { return row == 64 ? 0.9 : 0.1; })) == 3);
}

TEST_CASE("pictures of other shapes are measured, those that are too small refused, odd values survived") {
  const Picture wide = grey([](int, int column) { return column % 16 < 8 ? 0.2 : 0.8; }, 128, 40);
  for (const double value : measure_picture(wide)) CHECK(std::isfinite(value));
  CHECK(region_count_of(wide) == 16);
  Picture odd = plain();
  odd.rgb[7] = std::nanf("");
  for (const double value : measure_picture(odd)) CHECK(std::isfinite(value));
  CHECK_THROWS_AS(measure_picture(Picture(7, 128)), ConfigError);
}
