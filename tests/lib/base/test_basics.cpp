// Activations, grids, networks, parallel loops: the small things everything stands on.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/network/activation.hpp"
#include "lib/network/grid.hpp"
#include "lib/network/network.hpp"
#include "lib/picture/picture.hpp"

using namespace skein;

TEST_CASE("activation derivatives agree with central differences and parities hold") {
  for (const Activation activation : all_activations) {
    CAPTURE(name(activation));
    CHECK(parse_activation(name(activation)) == activation);
    for (double z = -4.05; z < 4.1; z += 0.1) {
      constexpr double step = 1e-6;
      const double slope = (activate(activation, z + step) - activate(activation, z - step)) / (2 * step);
      REQUIRE(activation_derivative(activation, z) == doctest::Approx(slope).epsilon(1e-6).scale(1));
      if (parity(activation) != 0)
        REQUIRE(activate(activation, -z) == doctest::Approx(parity(activation) * activate(activation, z)));
    }
  }
  CHECK(activate(Activation::sigmoid, 1.3) == doctest::Approx(2 / (1 + std::exp(-1.3)) - 1));
  CHECK(activation_derivative(Activation::relu, 0.0) == 0);
  CHECK_FALSE(parse_activation("step"));
}

TEST_CASE("the grid is linspace(-1, 1) on both axes whatever the shape") {
  const Grid grid{5, 3};
  CHECK(grid.x(0) == -1);
  CHECK(grid.x(2) == 0);
  CHECK(grid.x(4) == 1);
  CHECK(grid.y(1) == 0);
  CHECK(Grid{3, 3, 2.0}.x(2) == 2);
  CHECK(Grid{1, 1}.x(0) == 0);
  CHECK_THROWS_WITH_AS(validate(Grid{10000, 20000}), doctest::Contains("between 1 and"), ConfigError);
  CHECK_THROWS_AS(validate(Grid{0, 4}), ConfigError);
  CHECK_THROWS_AS(validate(Grid{4, 4, std::nan("")}), ConfigError);
}

TEST_CASE("a network is topological by construction") {
  NetworkBuilder builder(picture_signature());
  const std::vector<Edge> fine{{0, 0}, {3, 5}}, late{{4, 0}};
  CHECK_THROWS_AS(builder.add_unit({Activation::sin, 1}, late), ConfigError);
  CHECK(builder.add_unit({Activation::sin, 1}, fine) == 4);
  CHECK(builder.add_unit({Activation::identity, 2}, late) == 5);
  SUBCASE("outputs must exist and fit the signature") {
    CHECK_THROWS_AS(std::move(builder).finish({4, 5}), ConfigError);
  }
  SUBCASE("slots may exceed those in use, never fall short") {
    CHECK_THROWS_AS(std::move(builder).finish({4, 5, 5}, 3), ConfigError);
  }
  SUBCASE("what was built is there") {
    const Network network = std::move(builder).finish({4, 5, 0});
    CHECK(network.slot_count() == 6);
    CHECK(network.depth() == 2);
    CHECK(network.edges_of(0).size() == 2);
    CHECK(network.edges_of(1).size() == 1);
    CHECK(network.outputs()[2] == 0);
  }
}

TEST_CASE("parallel loops run each item once, nest, and pass exceptions on") {
  for (const int threads : {1, 2, 8}) {
    const ThreadLimit limit(threads);
    std::vector<std::atomic<int>> counts(100);
    parallel_for(10, [&](std::size_t i) { parallel_for(10, [&](std::size_t j) { ++counts[10 * i + j]; }); });
    for (const auto& count : counts) REQUIRE(count == 1);
    CHECK_THROWS_AS(parallel_for(50,
                                 [](std::size_t i) {
                                   if (i == 13) throw NumericError("thirteen");
                                 }),
                    NumericError);
  }
  CHECK_THROWS_AS(ThreadLimit(-1), ConfigError);
}

TEST_CASE("picture errors are means over pixels and channels") {
  Picture black(2, 1), grey(2, 1);
  for (float& value : grey.rgb) value = 0.5f;
  CHECK(mean_squared_error(black, grey) == doctest::Approx(0.25));
  CHECK(psnr(0.25) == doctest::Approx(6.0206));
  CHECK(std::isinf(psnr(0)));
  Picture red(8, 8);
  std::ranges::fill(red.channel(0), 1.0f);
  CHECK(is_constant(red));
  red.channel(2)[5] = 0.2f;  // a deviation of 0.014
  CHECK_FALSE(is_constant(red));
  red.channel(2)[5] = std::numeric_limits<float>::quiet_NaN();
  CHECK(is_constant(red));
  CHECK_THROWS_AS(mean_squared_error(black, Picture(1, 2)), ConfigError);
}
