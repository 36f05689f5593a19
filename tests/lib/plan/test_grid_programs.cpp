#include "lib/plan/grid_programs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "lib/base/parallel.hpp"
#include "lib/engine/schedule.hpp"
#include "lib/network/oracle.hpp"
#include "tests/support/random_network.hpp"

using namespace skein;
using test::layered_network;
using test::random_network;
using test::random_picture;
using test::random_weights;

namespace {

struct LossAndGradient {
  double loss = 0;
  std::vector<float> gradient;
};

LossAndGradient of_samples(const Network& network, const Weights& weights, const PlanOptions& options,
                           SampleSource samples, const Grid& grid) {
  LossAndGradient result{0, std::vector<float>(weights.size())};
  Loss loss(Plan(network, options), std::move(samples), random_picture(grid.width, grid.height));
  result.loss = loss.value_and_gradient(weights, result.gradient);
  CHECK(loss.value(weights) == doctest::Approx(result.loss).epsilon(1e-6));
  return result;
}

/// All of a grid's pixels one by one: nothing is known of its lines then.
PixelSubset all_pixels(const Grid& grid) {
  PixelSubset subset{grid, std::vector<std::uint32_t>(grid.pixels())};
  std::iota(subset.pixels.begin(), subset.pixels.end(), 0u);
  return subset;
}

/// Two sines of `input` that a gaussian of everything reads.
Network reader_of(ValueIndex input) {
  NetworkBuilder builder(picture_signature());
  Slot slot = 0;
  std::vector<Edge> edges;
  for (int i = 0; i < 2; ++i) {
    const auto sine = builder.add_unit({Activation::sin, 1}, std::vector<Edge>{{input, slot++}, {3, slot++}});
    edges.push_back({sine, slot++});
  }
  for (ValueIndex v = 0; v < 4; ++v) edges.push_back({v, slot++});
  const auto bell = builder.add_unit({Activation::gaussian, 2}, edges);
  std::vector<ValueIndex> outputs;
  for (int o = 0; o < 3; ++o)
    outputs.push_back(builder.add_unit({Activation::identity, 3}, std::vector<Edge>{{bell, slot++}}));
  return std::move(builder).finish(outputs);
}

}  // namespace

TEST_CASE("the gradient on a grid is that by its pixels one by one, for each instruction set") {
  const Grid grids[] = {{128, 3}, {256, 2}, {384, 2}, {3, 128}, {128, 128}, {1024, 1}, {5, 320}};
  for (const InstructionSet set : supported_instruction_sets())
    for (std::uint64_t seed = 0; seed < 28; ++seed) {
      CAPTURE(name(set));
      CAPTURE(seed);
      const Grid& grid = grids[seed % 7];
      const Network network = seed % 2
                                  ? random_network(seed, 30)
                                  : layered_network(6,
                                                    {Activation::identity, Activation::gaussian,
                                                     Activation::identity, Activation::sin, Activation::tanh},
                                                    0.35, seed);
      const Weights weights = random_weights(network, seed, 0.8);
      PlanOptions options{.instruction_set = set};
      if (seed % 3 == 0)
        for (Slot s = 0; s < weights.size(); ++s) options.trainable.push_back(s % 4 != 0);
      const auto on_grid = of_samples(network, weights, options, grid, grid);
      const auto by_pixels = of_samples(network, weights, options, all_pixels(grid), grid);
      CHECK(on_grid.loss == doctest::Approx(by_pixels.loss).epsilon(1e-6));
      double largest = 0;
      for (const float g : by_pixels.gradient) largest = std::max(largest, std::abs(static_cast<double>(g)));
      for (std::size_t s = 0; s < weights.size(); ++s) {
        CAPTURE(s);
        const double wanted = static_cast<double>(by_pixels.gradient[s]);
        const double difference = std::abs(static_cast<double>(on_grid.gradient[s]) - wanted);
        CHECK(difference <= 2e-4 * std::max(std::abs(wanted), 0.02 * largest));
      }
    }
}

TEST_CASE("the loss on a grid is the oracle's, whichever way its lines run") {
  for (const ValueIndex input : {0u, 1u}) {
    const Network network = reader_of(input);
    const Weights weights = random_weights(network, 5);
    const std::vector<double> at(weights.begin(), weights.end());
    for (const Grid& grid : {Grid{128, 7}, Grid{7, 128}, Grid{256, 128}}) {
      std::vector<float> gradient(weights.size());
      const Picture target = random_picture(grid.width, grid.height);
      Loss loss(Plan(network), grid, target);
      const double wanted = oracle_picture_loss(network, at, grid, target);
      CHECK(loss.value_and_gradient(weights, gradient) == doctest::Approx(wanted).epsilon(1e-5));
      CHECK(loss.value(weights) == doctest::Approx(wanted).epsilon(1e-5));
    }
  }
}

TEST_CASE("lines run so that they save most, and what is the same along them is not computed at pixels") {
  const Plan of_y(reader_of(1)), of_x(reader_of(0));
  CHECK(!schedule_of(of_y).grid_programs().by_columns);
  CHECK(schedule_of(of_x).grid_programs().by_columns);
  for (const Plan& plan : {of_y, of_x}) {
    const GridPrograms& programs = schedule_of(plan).grid_programs();
    const auto activations = [](const Program& program) {
      std::vector<Activation> found;
      for (const RowSums& step : program.forward_steps)
        for (std::uint32_t r = 0; r < step.units; ++r)
          found.push_back(program.units[step.first_unit + r].activation);
      return found;
    };
    CHECK(std::ranges::count(activations(programs.pixels), Activation::sin) == 0);
    CHECK(std::ranges::count(activations(programs.lines), Activation::sin) == 2);
    CHECK(programs.started.size() == 1);  // the bell
  }
}

TEST_CASE("runs are whole blocks of a line, and short lines have none") {
  const Plan plan(reader_of(1));
  const GridPrograms& programs = schedule_of(plan).grid_programs();
  for (const int width : {1, 64, 100, 127, 130, 200}) CHECK(programs.run_of({width, 256}) == 0);
  for (const int width : {128, 192, 256, 384, 512, 1024, 16384}) {
    CAPTURE(width);
    const std::size_t run = programs.run_of({width, 3});
    REQUIRE(run >= 128);
    CHECK(run <= programs.pixels.chunk);
    CHECK(static_cast<std::size_t>(width) % run == 0);
    CHECK(run % sample_block == 0);
  }
}

TEST_CASE("every trainable edge is accumulated once, at pixels or along lines") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const Network network = seed % 2
                                ? random_network(seed, 40)
                                : layered_network(5, std::vector<Activation>(8, Activation::sin), 0.25, seed);
    const Plan plan(network);
    const GridPrograms& programs = schedule_of(plan).grid_programs();
    if (programs.started.empty()) continue;
    const Contraction& net = schedule_of(plan).contraction();
    std::vector<int> times(net.edge_count());
    for (const Program* program : {&programs.pixels, &programs.lines})
      for (const std::uint32_t edge : program->accumulator_edges)
        if (edge != Program::no_edge) ++times[edge];
    for (std::size_t e = 0; e < times.size(); ++e) REQUIRE(times[e] == (net.edge_trainable[e] ? 1 : 0));
  }
}

TEST_CASE("loss and gradient on a grid with lines have the same bits on 1, 2 and 8 threads") {
  const Network network =
      layered_network(8, {Activation::gaussian, Activation::sin, Activation::identity}, 0.5, 2);
  const Weights weights = random_weights(network, 2, 0.7);
  std::vector<LossAndGradient> results;
  for (const int threads : {1, 2, 8}) {
    const ThreadLimit limit(threads);
    results.push_back(of_samples(network, weights, {}, Grid{256, 192}, Grid{256, 192}));
  }
  for (const LossAndGradient& other : results) {
    CHECK(other.loss == results.front().loss);
    CHECK(other.gradient == results.front().gradient);
  }
}
