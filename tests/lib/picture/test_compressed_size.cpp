#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/picture/compressed_size.hpp"

using namespace skein;

TEST_CASE("a plain picture compresses to little, noise to about what it is") {
  const Image plain(96, 96, 128);
  Image noise(96, 96);
  RandomStream stream(1, "noise");
  for (auto& byte : noise.rgb) byte = static_cast<std::uint8_t>(stream.below(256));
  CHECK(compressed_size(plain) < 200);
  CHECK(compressed_size(noise) > noise.rgb.size() * 99 / 100);
}

TEST_CASE("a slope along rows is all differences and compresses to little") {
  Image slope(128, 16);
  for (int row = 0; row < 16; ++row)
    for (int column = 0; column < 128; ++column)
      for (int c = 0; c < 3; ++c) slope.pixel(row, column)[c] = static_cast<std::uint8_t>(2 * column);
  CHECK(compressed_size(slope) < 100);
}

TEST_CASE("an empty picture has no compressed size") {
  CHECK_THROWS_AS(compressed_size(Image{}), ConfigError);
}
