#include "sgd/mlp/initial_weights.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

Wiring wide() { return dense_wiring(parse_architecture("2;tanh:200"), picture_signature()); }

/// Root mean square and largest size of the weights from `first`, `count` of them.
std::pair<double, double> spread(const Weights& weights, std::size_t first, std::size_t count) {
  double square = 0, largest = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    square += static_cast<double>(weights[i]) * weights[i];
    largest = std::max(largest, static_cast<double>(std::abs(weights[i])));
  }
  return {std::sqrt(square / static_cast<double>(count)), largest};
}

}  // namespace

TEST_CASE("the variance of a dense layer's weights is one over its fan-in, cut at two deviations") {
  const auto weights = initial_weights(wide());
  const auto [deviation, largest] = spread(weights, 800, 40000);
  CHECK(deviation == doctest::Approx(1 / std::sqrt(200.0)).epsilon(0.02));
  CHECK(largest <= 2 / 0.8796 / std::sqrt(200.0));
  CHECK(largest > 1.9 / 0.8796 / std::sqrt(200.0));
  CHECK(spread(weights, 0, 800).first == doctest::Approx(0.5).epsilon(0.06));
}

TEST_CASE("a masked layer takes the fan-in that the mask leaves, row by row") {
  auto wiring = wide();
  for (std::size_t i = 0; i < wiring.masks[1].size(); ++i)
    if (i % 200 >= (i / 200 < 100 ? 8u : 50u)) wiring.masks[1][i] = 0;
  const auto weights = initial_weights(wiring);
  CHECK(weights.size() == static_cast<std::size_t>(wiring.weight_count()));
  CHECK(spread(weights, 800, 800).first == doctest::Approx(1 / std::sqrt(8.0)).epsilon(0.08));
  CHECK(spread(weights, 1600, 5000).first == doctest::Approx(1 / std::sqrt(50.0)).epsilon(0.05));
}

TEST_CASE("a pruned wiring sees the same draws, seeds differ, the scale multiplies") {
  const auto dense = wide();
  auto sparse = dense;
  sparse.masks[0][1] = 0;
  const auto a = initial_weights(dense), b = initial_weights(sparse);
  CHECK(b[0] == doctest::Approx(a[0] * std::sqrt(4.0 / 3)));
  CHECK(b[3] == a[4]);
  CHECK(initial_weights(dense) == a);
  CHECK(initial_weights(dense, {.seed = 1}) != a);
  CHECK(initial_weights(dense, {.scale = 2})[7] == doctest::Approx(2 * a[7]));
  CHECK_THROWS_AS(initial_weights(dense, {.scale = 0}), ConfigError);
}

TEST_CASE("copies start at one when asked to") {
  auto wiring = wide();
  wiring.copies[1][5] = 1;
  CHECK(initial_weights(wiring)[805] != 1);
  CHECK(initial_weights(wiring, {.copies_at_one = true})[805] == 1);
}
