#include "lib/network/network_graph.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "lib/base/random.hpp"

using namespace skein;

namespace {

/// Two inputs; unit 2 <- 0; 3 <- 0, 1; 4 <- 2, 3; 5 <- 3 (dead); 6 without sources; output 4 reads 6 as well.
Network small() {
  NetworkBuilder builder({{"a", "b"}, {"out"}});
  Slot slot = 0;
  const auto unit = [&](std::vector<ValueIndex> sources) {
    std::vector<Edge> edges;
    for (const ValueIndex source : sources) edges.push_back({source, slot++});
    return builder.add_unit({Activation::sin, 1}, edges);
  };
  unit({0});
  unit({0, 1});
  const ValueIndex constant = unit({});
  const ValueIndex output = unit({2, 3, constant});
  unit({3});
  return std::move(builder).finish({output});
}

Network random_sines(std::uint64_t seed, int units) {
  RandomStream random(seed, "test network");
  NetworkBuilder builder(picture_signature());
  Slot slot = 0;
  for (int u = 0; u < units; ++u) {
    std::vector<Edge> edges;
    for (std::uint32_t e = 1 + random.below(4); e > 0; --e)
      edges.push_back({random.below(static_cast<std::uint32_t>(4 + u)), slot++});
    builder.add_unit({Activation::sin, 1}, edges);
  }
  const auto last = static_cast<ValueIndex>(4 + units - 1);
  return std::move(builder).finish({last, last - 1, last - 2});
}

}  // namespace

TEST_CASE("structural numbers of a small wiring, counted by hand") {
  const Structure s = structure_of(small(), {.null_samples = 3});
  CHECK(s.units == 5);
  CHECK(s.units_alive == 3);
  CHECK(s.edges_alive == 5);
  CHECK(s.inputs_used == 2);
  CHECK(s.depth_used == 2);
  CHECK(s.log10_paths == doctest::Approx(std::log10(3.0)));
  CHECK(s.mean_path == doctest::Approx(2));
  CHECK(s.mean_fan_in == doctest::Approx(5.0 / 3));
  CHECK(s.greatest_fan_in == 2);
  CHECK(s.mean_fan_out == doctest::Approx(5.0 / 4));
  CHECK(s.greatest_fan_out == 2);
  CHECK(s.reuse == 0);
  CHECK(s.modularity.samples == 3);
}

TEST_CASE("paths are counted as enumeration counts them") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const Network network = random_sines(seed, 9);
    double count = 0, length = 0;
    const auto arrows = arrows_of(network);
    const std::function<void(ValueIndex, int)> walk = [&](ValueIndex value, int edges) {
      if (value < 4) {
        count += 1;
        length += edges;
      }
      for (const Arrow& arrow : arrows)
        if (arrow.second == value) walk(arrow.first, edges + 1);
    };
    for (const ValueIndex output : network.outputs()) walk(output, 0);
    const Structure s = structure_of(network, {.null_samples = 0});
    CHECK(s.log10_paths == doctest::Approx(std::log10(count)));
    CHECK(s.mean_path == doctest::Approx(length / count));
  }
}

TEST_CASE("shuffled arrows keep degrees and run upward") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const Network network = random_sines(seed, 25);
    const auto arrows = arrows_of(network);
    const auto layer = longest_path_layers(network);
    const auto shuffled = shuffle_arrows(arrows, layer, seed);
    std::map<ValueIndex, int> out, in;
    for (const auto& [source, target] : arrows) {
      ++out[source];
      ++in[target];
    }
    for (const auto& [source, target] : shuffled) {
      --out[source];
      --in[target];
      CHECK(layer[source] < layer[target]);
    }
    for (const auto& [value, left] : out) CHECK(left == 0);
    for (const auto& [value, left] : in) CHECK(left == 0);
    CHECK(std::ranges::adjacent_find(shuffled) == shuffled.end());
    CHECK(shuffled != arrows);
    CHECK(shuffle_arrows(arrows, layer, seed) == shuffled);
  }
}

TEST_CASE("a wiring of separate blocks is more modular than its null") {
  // Four blocks of a chain of fully linked layers of three, fed by one input each.
  NetworkBuilder builder({{"a", "b", "c", "d"}, {"p", "q", "r", "s"}});
  Slot slot = 0;
  std::vector<std::vector<ValueIndex>> below{{0}, {1}, {2}, {3}};
  for (int layer = 0; layer < 4; ++layer)
    for (auto& block : below) {
      std::vector<ValueIndex> units;
      for (int u = 0; u < 3; ++u) {
        std::vector<Edge> edges;
        for (const ValueIndex source : block) edges.push_back({source, slot++});
        units.push_back(builder.add_unit({Activation::sin, layer + 1}, edges));
      }
      block = units;
    }
  const Network network = std::move(builder).finish({below[0][0], below[1][0], below[2][0], below[3][0]});
  const Structure s = structure_of(network);
  CHECK(s.communities >= 4);
  CHECK(s.modularity.value > 0.6);
  CHECK(s.modularity.z() > 5);
}

TEST_CASE("a wiring that reaches no output has defined numbers") {
  NetworkBuilder builder({{"a"}, {"out"}});
  const ValueIndex unit = builder.add_unit({Activation::cos, 1}, {});
  const Structure s = structure_of(std::move(builder).finish({unit}));
  CHECK(s.units_alive == 0);
  CHECK(s.edges_alive == 0);
  CHECK(s.depth_used == 0);
  CHECK(std::isinf(s.log10_paths));
  CHECK(s.modularity.value == 0);
  CHECK(s.mean_fan_in == 0);
}
