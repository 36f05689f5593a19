#include "lib/engine/canvas.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "lib/base/error.hpp"
#include "tests/support/random_network.hpp"

using namespace skein;
using test::random_network;
using test::random_weights;

TEST_CASE("a canvas draws what draw does, again and again, with one set of weights after another") {
  const Network network = random_network(12, 20);
  const Plan plan(network);
  const Grid grid{37, 29};
  Canvas canvas(plan, grid);
  Picture picture(grid.width, grid.height);
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Weights weights = random_weights(network, seed);
    canvas.set_weights(weights);
    canvas.draw(picture);
    CHECK(picture == draw(plan, weights, grid));
  }
}

TEST_CASE("bands of rows on a canvas are the rows of the picture") {
  const Network network = random_network(13, 20);
  const Weights weights = random_weights(network, 13);
  const Grid grid{19, 23};
  const Picture whole = draw(Plan(network), weights, grid);
  Canvas canvas(Plan(network), grid);
  canvas.set_weights(weights);
  Picture band(grid.width, 7);
  canvas.draw_rows(9, 5, band);
  for (int c = 0; c < 3; ++c)
    CHECK(std::ranges::equal(band.channel(c).first(5 * 19), whole.channel(c).subspan(9 * 19, 5 * 19)));
}

TEST_CASE("a canvas refuses rows and pictures that do not fit, and drawing before it has weights") {
  const Network network = random_network(14, 10);
  const Grid grid{8, 6};
  Canvas canvas(Plan(network), grid);
  Picture picture(8, 6);
  CHECK_THROWS_AS(canvas.draw(picture), ConfigError);
  CHECK_THROWS_AS(canvas.set_weights(Weights(1)), ConfigError);
  canvas.set_weights(random_weights(network, 14));
  CHECK_THROWS_AS(canvas.draw_rows(4, 3, picture), ConfigError);
  CHECK_THROWS_AS(canvas.draw_rows(-1, 3, picture), ConfigError);
  Picture narrow(7, 6), low(8, 2);
  CHECK_THROWS_AS(canvas.draw(narrow), ConfigError);
  CHECK_THROWS_AS(canvas.draw(low), ConfigError);
}
