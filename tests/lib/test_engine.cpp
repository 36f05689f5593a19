#include <doctest/doctest.h>

#include <vector>

#include "lib/engine.hpp"
#include "lib/oracle.hpp"
#include "lib/random.hpp"

using namespace skein;

namespace {

/// A random wiring with every activation, tied slots and units that reach nothing.
Network random_network(std::uint64_t seed, int units) {
  RandomStream random(seed, "test network");
  NetworkBuilder builder(picture_signature());
  const auto slots = static_cast<std::uint32_t>(3 * units);
  for (int u = 0; u < units; ++u) {
    std::vector<Edge> edges;
    const auto fan_in = 1 + random.below(5);
    for (std::uint32_t e = 0; e < fan_in; ++e)
      edges.push_back({random.below(static_cast<std::uint32_t>(4 + u)), random.below(slots)});
    builder.add_unit({all_activations[random.below(all_activations.size())], 1 + u}, edges);
  }
  std::vector<ValueIndex> outputs;
  for (int o = 0; o < 3; ++o)
    outputs.push_back(static_cast<ValueIndex>(4 + units - 1) -
                      random.below(static_cast<std::uint32_t>(units / 2)));
  return std::move(builder).finish(outputs, static_cast<int>(slots));
}

}  // namespace

TEST_CASE("the engine's outputs agree with the oracle on random wirings") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    const Network network = random_network(seed, 12);
    RandomStream random(seed, "test weights");
    Weights weights(static_cast<std::size_t>(network.slot_count()));
    for (float& w : weights) w = static_cast<float>(random.normal());
    const std::vector<double> exact(weights.begin(), weights.end());
    const Grid grid{13, 9};
    std::vector<float> outputs(3 * grid.pixels());
    evaluate(Plan(network), weights, grid, outputs);
    for (int row = 0; row < grid.height; ++row)
      for (int column = 0; column < grid.width; ++column) {
        const auto wanted = oracle_outputs(network, exact, oracle_inputs(network, grid, row, column));
        for (std::size_t o = 0; o < 3; ++o)
          REQUIRE(outputs[o * grid.pixels() + static_cast<std::size_t>(row * grid.width + column)] ==
                  doctest::Approx(wanted[o]).epsilon(1e-3).scale(1));
      }
  }
}
