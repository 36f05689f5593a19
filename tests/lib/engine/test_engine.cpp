#include "lib/engine/engine.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/engine/schedule.hpp"
#include "lib/network/oracle.hpp"
#include "tests/support/random_network.hpp"

using namespace skein;
using test::layered_network;
using test::random_network;
using test::random_weights;

namespace {

std::vector<double> exact(const Weights& weights) { return {weights.begin(), weights.end()}; }

void check_outputs(const Plan& plan, const Weights& weights, const Grid& grid) {
  const Network& network = plan.network();
  std::vector<float> outputs(3 * grid.pixels());
  evaluate(plan, weights, grid, outputs);
  for (int row = 0; row < grid.height; ++row)
    for (int column = 0; column < grid.width; ++column) {
      const auto wanted = oracle_outputs(network, exact(weights), oracle_inputs(network, grid, row, column));
      for (std::size_t o = 0; o < 3; ++o)
        REQUIRE(outputs[o * grid.pixels() + static_cast<std::size_t>(row * grid.width + column)] ==
                doctest::Approx(wanted[o]).epsilon(1e-4).scale(1));
    }
}

}  // namespace

TEST_CASE("the engine's outputs agree with the oracle on random wirings, for each instruction set") {
  for (const InstructionSet set : supported_instruction_sets())
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      CAPTURE(name(set));
      CAPTURE(seed);
      const Network network = random_network(seed, 6 + static_cast<int>(seed));
      const Grid grid = seed % 3 == 0 ? Grid{1, 1} : seed % 3 == 1 ? Grid{13, 9} : Grid{7, 50};
      const PlanOptions options{.one_shot = seed % 2 == 0, .instruction_set = set};
      check_outputs(Plan(network, options), random_weights(network, seed, 0.7), grid);
    }
}

TEST_CASE("layered networks, dense and sparse, agree with the oracle for each instruction set") {
  const std::vector<Activation> layer{Activation::identity, Activation::identity, Activation::gaussian,
                                      Activation::sin,      Activation::identity, Activation::tanh,
                                      Activation::relu,     Activation::identity};
  for (const InstructionSet set : supported_instruction_sets())
    for (const double density : {1.0, 0.7, 0.3})
      for (const int depth : {1, 4, 9}) {
        CAPTURE(name(set));
        CAPTURE(density);
        CAPTURE(depth);
        const Network network = layered_network(depth, layer, density, 5);
        check_outputs(Plan(network, {.instruction_set = set}), random_weights(network, 1, 0.4), {23, 11});
      }
}

TEST_CASE("feature maps give every value, also of copies and of units that reach no output") {
  const Network network = random_network(3, 25);
  const Weights weights = random_weights(network, 3, 0.7);
  const Grid grid{9, 5};
  std::vector<ValueIndex> values;
  for (int v = network.value_count() - 1; v >= 0; --v) values.push_back(static_cast<ValueIndex>(v));
  std::vector<float> maps(values.size() * grid.pixels());
  feature_maps(Plan(network), weights, grid, values, maps);
  for (int row = 0; row < grid.height; ++row)
    for (int column = 0; column < grid.width; ++column) {
      const auto wanted = oracle_values(network, exact(weights), oracle_inputs(network, grid, row, column));
      for (std::size_t i = 0; i < values.size(); ++i)
        REQUIRE(maps[i * grid.pixels() + static_cast<std::size_t>(row * grid.width + column)] ==
                doctest::Approx(wanted[values[i]]).epsilon(1e-4).scale(1));
    }
}

TEST_CASE("a picture is the colour of the outputs") {
  const Network network = random_network(11, 20);
  const Weights weights = random_weights(network, 11);
  const Grid grid{31, 17};
  const Picture picture = draw(Plan(network), weights, grid);
  const Picture black(grid.width, grid.height);
  CHECK(mean_squared_error(picture, black) ==
        doctest::Approx(oracle_picture_loss(network, exact(weights), grid, black)).epsilon(1e-5));
}

TEST_CASE("tables of samples and subsets of pixels give what the whole grid gives there") {
  const Network network = random_network(4, 20);
  const Weights weights = random_weights(network, 4);
  const Plan plan(network);
  const Grid grid{20, 30};
  std::vector<float> whole(3 * grid.pixels());
  evaluate(plan, weights, grid, whole);

  const std::vector<std::uint32_t> pixels{5, 599, 0, 300, 301, 5};
  std::vector<float> some(3 * pixels.size());
  evaluate(plan, weights, PixelSubset{grid, pixels}, some);

  SampleTable table{4, pixels.size(), std::vector<float>(4 * pixels.size())};
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const auto inputs =
        oracle_inputs(network, grid, static_cast<int>(pixels[i]) / 20, static_cast<int>(pixels[i]) % 20);
    for (std::size_t c = 0; c < 4; ++c) table.values[c * pixels.size() + i] = static_cast<float>(inputs[c]);
  }
  std::vector<float> from_table(3 * pixels.size());
  evaluate(plan, weights, table, from_table);
  for (std::size_t o = 0; o < 3; ++o)
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      CHECK(some[o * pixels.size() + i] == whole[o * grid.pixels() + pixels[i]]);
      CHECK(from_table[o * pixels.size() + i] ==
            doctest::Approx(some[o * pixels.size() + i]).epsilon(1e-5).scale(1));
    }
}

TEST_CASE("sizes that do not fit and inputs a grid has not are refused") {
  const Network network = random_network(1, 10);
  const Plan plan(network);
  const Weights weights = random_weights(network, 1);
  const Grid grid{8, 8};
  std::vector<float> outputs(3 * grid.pixels());
  CHECK_THROWS_AS(evaluate(plan, Weights(weights.size() - 1), grid, outputs), ConfigError);
  CHECK_THROWS_AS(evaluate(plan, weights, Grid{8, 9}, outputs), ConfigError);
  CHECK_THROWS_AS(evaluate(plan, weights, Grid{0, 8}, outputs), ConfigError);
  CHECK_THROWS_AS(evaluate(plan, weights, SampleTable{3, 1, {0, 0, 0}}, outputs), ConfigError);
  CHECK_THROWS_AS(evaluate(plan, weights, PixelSubset{grid, {64}}, outputs), ConfigError);
  CHECK_THROWS_AS(feature_maps(plan, weights, grid, std::vector<ValueIndex>{99}, outputs), ConfigError);
  CHECK_THROWS_AS(Plan(network, {.trainable = {1, 0}}), ConfigError);
  CHECK_THROWS_AS(Loss(plan, grid, Picture(8, 9)), ConfigError);
  CHECK_THROWS_AS(Loss(plan, grid, std::vector<float>(5)), ConfigError);
  CHECK_THROWS_AS(Loss(plan, grid, Picture(8, 8)).set_subset({1}), ConfigError);

  NetworkBuilder builder({{"a", "b"}, {"out"}});
  const std::vector<Edge> edges{{0, 0}, {1, 1}};
  const auto unit = builder.add_unit({Activation::tanh, 1}, edges);
  const Plan xor_like(std::move(builder).finish({unit}));
  std::vector<float> out(64);
  CHECK_THROWS_AS(evaluate(xor_like, Weights(2), grid, out), ConfigError);
  CHECK_THROWS_AS(draw(xor_like, Weights(2), grid), ConfigError);
}

TEST_CASE("outputs do not depend on the number of threads") {
  const Network network = random_network(8, 40);
  const Weights weights = random_weights(network, 8);
  const Grid grid{200, 211};
  std::vector<std::vector<float>> results;
  for (const int threads : {1, 2, 8}) {
    const ThreadLimit limit(threads);
    results.emplace_back(3 * grid.pixels());
    evaluate(Plan(network), weights, grid, results.back());
  }
  CHECK(results[0] == results[1]);
  CHECK(results[0] == results[2]);
}

TEST_CASE("perturbed copies are the pictures drawn with the changed weights, bit for bit") {
  const std::vector<Activation> alternating{Activation::identity, Activation::gaussian, Activation::identity,
                                            Activation::sin};
  // Of a unit whose sum is taken in an order that depends on the units it shares a kernel with.
  std::ptrdiff_t units_with_own_terms = 0;
  const auto own_terms = [](const Plan& plan) {
    return std::ranges::count_if(schedule_of(plan).program(ProgramKind::forward).units,
                                 [](const UnitRows& unit) { return unit.own_terms > 0; });
  };
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const Network network =
        seed % 2 ? random_network(seed, 20)
                 : layered_network(5, seed % 4 ? alternating : std::vector<Activation>(12, Activation::sin),
                                   seed % 4 ? 1 : 0.7, seed);
    const Weights weights = random_weights(network, seed, 0.7);
    const Plan plan(network);
    units_with_own_terms += own_terms(plan);
    const Grid grid{33, 21};
    std::vector<Perturbation> perturbations{{}};  // nothing changed
    RandomStream random(seed, "perturbations");
    for (int i = 0; i < 70; ++i) {
      perturbations.emplace_back();
      for (std::uint32_t c = 0; c <= random.below(3); ++c)
        perturbations.back().emplace_back(random.below(static_cast<std::uint32_t>(network.slot_count())),
                                          static_cast<float>(random.normal()));
    }
    std::vector<Picture> drawn(perturbations.size());
    draw_perturbed(plan, weights, grid, perturbations,
                   [&](std::size_t i, Picture&& picture) { drawn[i] = std::move(picture); });
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      Weights changed = weights;
      for (const auto& [slot, value] : perturbations[i]) changed[slot] = value;
      REQUIRE(drawn[i] == draw(plan, changed, grid));
    }
  }
  CHECK(units_with_own_terms > 20);  // so that another grouping would draw other bits
  const Network network = random_network(0, 5);
  CHECK_THROWS_AS(draw_perturbed(Plan(network), random_weights(network, 0), Grid{4, 4},
                                 std::vector<Perturbation>{{{999, 1.0f}}}, [](std::size_t, Picture&&) {}),
                  ConfigError);
}
