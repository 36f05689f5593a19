// Rescalings of homogeneous units: one representative of them all, norms by hand.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lib/engine/engine.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/twins/rescaling.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

Mlp random_mlp(const char* architecture, std::uint64_t seed) {
  Mlp mlp;
  mlp.wiring = dense_wiring(parse_architecture(architecture), picture_signature());
  mlp.weights = initial_weights(mlp.wiring, {.seed = seed});
  return mlp;
}

Picture picture_of(const Mlp& mlp) {
  return draw(Plan(lower(mlp.wiring).network), mlp.weights, Grid{16, 16});
}

}  // namespace

TEST_CASE("rescaled twins draw the same, and balancing finds one representative of them") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Mlp mlp = random_mlp("4;cache:3,identity:2,gaussian:2,relu:2", seed);
    const Mlp twin = rescale_units(mlp, seed + 100);
    CHECK(mean_squared_error(picture_of(mlp), picture_of(twin)) < 1e-9);
    CHECK(std::abs(weight_norm(twin) / weight_norm(mlp) - 1) > 0.01);
    const Mlp a = balance_rescalings(mlp), b = balance_rescalings(twin);
    CHECK(mean_squared_error(picture_of(mlp), picture_of(a)) < 1e-9);
    REQUIRE(a.weights.size() == b.weights.size());
    for (std::size_t s = 0; s < a.weights.size(); ++s)
      CHECK(a.weights[s] == doctest::Approx(b.weights[s]).epsilon(1e-4));
    CHECK(weight_norm(a) == doctest::Approx(weight_norm(b)).epsilon(1e-6));
    CHECK(weight_norm(a) <= weight_norm(mlp));
    CHECK(path_norm(twin) == doctest::Approx(path_norm(mlp)).epsilon(1e-5));
    CHECK(path_norm(a) == doctest::Approx(path_norm(mlp)).epsilon(1e-5));
  }
}

TEST_CASE("balanced norms of a chain are known") {
  // brightness = 8 * 2 * d through one linear unit: balanced, both weights are 4; the path's product is 16.
  Mlp mlp = random_mlp("1;identity:1", 0);
  std::ranges::fill(mlp.weights, 0.0f);
  mlp.weights[2] = 2;                       // unit <- d
  mlp.weights[mlp.weights.size() - 1] = 8;  // brightness <- unit
  CHECK(weight_norm(mlp) == doctest::Approx(std::sqrt(68.0)));
  CHECK(path_norm(mlp) == doctest::Approx(16));
  const Mlp balanced = balance_rescalings(mlp);
  CHECK(balanced.weights[2] == doctest::Approx(4));
  CHECK(balanced.weights.back() == doctest::Approx(4));
  CHECK(weight_norm(balanced) == doctest::Approx(std::sqrt(32.0)));
}

TEST_CASE("units that are not homogeneous are left alone") {
  const Mlp mlp = random_mlp("2;gaussian:3,sin:2", 4);
  CHECK(balance_rescalings(mlp).weights == mlp.weights);
  CHECK(rescale_units(mlp, 1).weights == mlp.weights);
}
