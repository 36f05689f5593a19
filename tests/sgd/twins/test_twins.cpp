#include "sgd/twins/twins.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "bridge/layerize.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/network/oracle.hpp"
#include "sgd/mlp/matrices.hpp"
#include "sgd/twins/hide.hpp"
#include "tests/support/random_genome.hpp"

using namespace skein;
using namespace skein::bridge;

namespace {

/// A layerised genome with weights mild enough that rounding stays rounding.
sgd::Mlp original(std::uint64_t seed) {
  sgd::Mlp mlp = layerize(test::random_genome(seed, {.most_hidden = 12}));
  const auto trainable = sgd::trainable_without_copies(mlp.wiring);
  for (std::size_t s = 0; s < trainable.size(); ++s)
    if (trainable[s] != 0) mlp.weights[s] *= 0.5f;
  return mlp;
}

double largest_difference(const sgd::Mlp& a, const sgd::Mlp& b) {
  const Network na = sgd::lower(a.wiring).network, nb = sgd::lower(b.wiring).network;
  const std::vector<double> wa(a.weights.begin(), a.weights.end()), wb(b.weights.begin(), b.weights.end());
  const Grid grid{5, 4};
  double worst = 0;
  for (int row = 0; row < grid.height; ++row)
    for (int column = 0; column < grid.width; ++column) {
      const auto va = oracle_outputs(na, wa, oracle_inputs(na, grid, row, column));
      const auto vb = oracle_outputs(nb, wb, oracle_inputs(nb, grid, row, column));
      for (std::size_t o = 0; o < va.size(); ++o)
        worst = std::max(worst, std::abs(va[o] - vb[o]) / std::max(1.0, std::abs(va[o])));
    }
  return worst;
}

constexpr double rounding = 2e-5;

}  // namespace

TEST_CASE("every twin draws the same picture") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const sgd::Mlp mlp = original(seed);
    const int layer = static_cast<int>(seed) % mlp.wiring.depth();
    const auto& units = mlp.wiring.hidden[static_cast<std::size_t>(layer)];
    const int unit = static_cast<int>(seed) % static_cast<int>(units.size());
    const sgd::UnitKind kind{Activation::sin, false};
    CHECK(largest_difference(mlp, permute_units(mlp, seed)) < rounding);
    CHECK(largest_difference(mlp, flip_signs(mlp, seed)) < rounding);
    CHECK(largest_difference(mlp, split_unit(mlp, layer, unit, 3, seed)) < rounding);
    CHECK(largest_difference(mlp, add_cancelling_pair(mlp, layer, kind, seed)) < rounding);
    CHECK(largest_difference(mlp, add_useless_units(mlp, layer, kind, 2, seed)) < rounding);
    CHECK(largest_difference(mlp, rotate_linear_units(mlp, layer, seed)) < rounding);
    CHECK(largest_difference(mlp, rotate_layer(mlp, layer, seed)) < rounding);
    CHECK(largest_difference(mlp, hide(mlp, seed)) < rounding);
  }
}

TEST_CASE("twins are built differently") {
  const sgd::Mlp mlp = original(8);
  CHECK(permute_units(mlp, 1).wiring != mlp.wiring);
  CHECK(flip_signs(mlp, 1).weights != mlp.weights);
  const sgd::Mlp split = split_unit(mlp, 0, 0, 4, 1);
  CHECK(split.wiring.hidden[0].size() == mlp.wiring.hidden[0].size() + 3);
  CHECK(add_cancelling_pair(mlp, 0, {}, 1).wiring.hidden[0].size() == mlp.wiring.hidden[0].size() + 2);
  CHECK(add_useless_units(mlp, 0, {}, 5, 1).wiring.hidden[0].size() == mlp.wiring.hidden[0].size() + 5);
  CHECK(rotate_layer(mlp, 0, 1).wiring.depth() == mlp.wiring.depth() + 1);
  CHECK(rotate_linear_units(mlp, 0, 1).wiring.weight_count() > mlp.wiring.weight_count());
  CHECK_THROWS_AS(rotate_layer(mlp, mlp.wiring.depth(), 1), ConfigError);
  CHECK_THROWS_AS(split_unit(mlp, 0, 1000, 2, 1), ConfigError);
  CHECK_THROWS_AS(split_unit(mlp, 0, 0, 1, 1), ConfigError);
}

TEST_CASE("a rotation keeps lengths: the rotated layer's weights are orthogonal") {
  const sgd::Mlp twin = rotate_layer(original(5), 0, 9);
  const auto matrix = sgd::matrices_of(twin.wiring, twin.weights)[1];
  const auto size = twin.wiring.hidden[1].size();
  for (std::size_t a = 0; a < size; ++a)
    for (std::size_t b = 0; b <= a; ++b) {
      double product = 0;
      for (std::size_t c = 0; c < size; ++c)
        product += static_cast<double>(matrix[a * size + c]) * static_cast<double>(matrix[b * size + c]);
      CHECK(product == doctest::Approx(a == b ? 1.0 : 0.0).epsilon(1e-6).scale(1));
    }
}

TEST_CASE("hiding fills the architecture, leaves no origin and depends on the seed alone") {
  const sgd::Mlp mlp = original(8);
  sgd::Architecture wide = sgd::architecture_of(mlp.wiring);
  for (auto& [kind, count] : wide.columns) count += 3;
  const sgd::Mlp hidden = hide(mlp, 1, {.architecture = wide});
  CHECK(sgd::uniform_architecture(hidden.wiring) == wide);
  CHECK(hidden.wiring.weight_count() == sgd::dense_wiring(wide, mlp.wiring.signature).weight_count());
  for (const auto& layer : hidden.wiring.hidden)
    CHECK(std::ranges::none_of(layer, [](const sgd::MlpUnit& unit) { return unit.origin.has_value(); }));
  CHECK(hide(mlp, 1, {.architecture = wide}) == hidden);
  CHECK(hide(mlp, 2, {.architecture = wide}) != hidden);
  CHECK(hide(mlp, 1, {.dense = false}).wiring.weight_count() < hide(mlp, 1).wiring.weight_count());
  wide.columns[0].second = 0;
  CHECK_THROWS_AS(hide(mlp, 1, {.architecture = wide}), ConfigError);
  CHECK_THROWS_AS(hide(mlp, 1, {.widen = 0.5}), ConfigError);
}

TEST_CASE("each way of hiding can be used alone") {
  const sgd::Mlp mlp = original(4);
  for (int way = 0; way < 5; ++way) {
    CAPTURE(way);
    const HideSettings settings{.split = way == 0,
                                .cancel = way == 1,
                                .useless = way >= 2,
                                .rotate = way == 2,
                                .flip = way == 3,
                                .permute = way == 4,
                                .dense = false};
    CHECK(largest_difference(mlp, hide(mlp, 6, settings)) < rounding);
  }
}
