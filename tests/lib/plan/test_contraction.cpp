#include "lib/plan/contraction.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "lib/engine/schedule.hpp"
#include "lib/network/network_graph.hpp"
#include "lib/plan/contraction_choice.hpp"
#include "lib/plan/program.hpp"
#include "lib/plan/unit_groups.hpp"
#include "tests/support/random_network.hpp"

using namespace skein;
using test::layered_network;
using test::random_network;

namespace {

/// x -> three copies in a row -> a gaussian -> a linear output; and a tanh that reaches nothing.
Network chain() {
  NetworkBuilder builder({{"x", "y", "d", "bias"}, {"hue"}});
  Slot slot = 0;
  ValueIndex last = 0;
  for (int i = 0; i < 3; ++i)
    last = builder.add_unit({Activation::identity, i + 1}, std::vector<Edge>{{last, slot++}});
  builder.add_unit({Activation::tanh, 1}, std::vector<Edge>{{1, slot++}});
  const auto bell = builder.add_unit({Activation::gaussian, 4}, std::vector<Edge>{{last, slot++}});
  const auto out = builder.add_unit({Activation::identity, 5}, std::vector<Edge>{{bell, slot++}});
  return std::move(builder).finish({out});
}

Contraction contracted(const Network& network, ContractionEffort effort) {
  return contract(network, network.outputs(), {}, effort);
}

/// A layer of two gaussians and `linear` copies, `depth` times over.
Network mostly_linear(int depth, int linear, double density = 1) {
  std::vector<Activation> layer(static_cast<std::size_t>(linear), Activation::identity);
  layer.insert(layer.end(), 2, Activation::gaussian);
  return layered_network(depth, layer, density, 1);
}

}  // namespace

TEST_CASE("a chain of copies contracts to one edge and units that reach nothing vanish") {
  const Network network = chain();
  const Contraction net = contracted(network, ContractionEffort::chains);
  CHECK(net.unit_count() == 2);
  CHECK(net.edge_count() == 2);
  CHECK(net.sources_of(0).size() == 1);
  CHECK(net.sources_of(0).front() == 0);
  const Contraction whole = contracted(network, ContractionEffort::none);
  CHECK(whole.unit_count() == 5);  // all but the one that reaches nothing
}

TEST_CASE("units are dead exactly where the graph has no way from them to an output") {
  int dead = 0, alive = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const Network network = random_network(seed, 4 + static_cast<int>(seed));
    const auto reaching = reaching_outputs(network);
    for (const auto effort :
         {ContractionEffort::none, ContractionEffort::chains, ContractionEffort::search}) {
      const UnitFates fates = choose_fates(network, network.outputs(), effort);
      for (std::size_t u = 0; u < fates.size(); ++u) {
        const bool reaches = reaching[static_cast<std::size_t>(network.input_count()) + u] != 0;
        CHECK((fates[u] == UnitFate::dead) == !reaches);
        ++(reaches ? alive : dead);
      }
    }
  }
  CHECK(dead > 500);
  CHECK(alive > 500);
}

TEST_CASE(
    "the weight of a contracted chain is the product of its weights, and its gradient that of a product") {
  const Network network = chain();
  const Contraction net = contracted(network, ContractionEffort::chains);
  const Weights weights{2, 3, 5, 7, 11, 13};
  const Kernels& machine = kernels(best_instruction_set());
  std::vector<double> coefficients(net.coefficient_count), adjoint(net.coefficient_count), by_slot(6);
  machine.fold(net.fold(), weights.data(), coefficients.data());
  CHECK(coefficients[0] == 2 * 3 * 5 * 11);
  CHECK(coefficients[1] == 13);
  adjoint[0] = 1;
  machine.unfold(net.fold(), weights.data(), coefficients.data(), adjoint.data(), by_slot.data());
  CHECK(by_slot == std::vector<double>{3 * 5 * 11, 2 * 5 * 11, 2 * 3 * 11, 0, 2 * 3 * 5, 0});
}

TEST_CASE(
    "a deep and mostly linear network contracts to fewer edges than with no or all linear units folded") {
  const Network network = mostly_linear(40, 12);
  const std::size_t none = contracted(network, ContractionEffort::none).edge_count();
  const Contraction net = contracted(network, ContractionEffort::search);
  std::size_t all = 0;  // every gaussian reads the inputs and all before its layer, every output all
  for (std::size_t layer = 0; layer < 40; ++layer) all += 2 * (4 + 2 * layer);
  all += 3 * (4 + 2 * 39 + 2);
  CHECK(net.edge_count() < none);
  CHECK(net.edge_count() < all);
  const auto kept_linear = std::ranges::count(net.activations, Activation::identity);
  CHECK(kept_linear > 3);  // beyond the outputs
}

TEST_CASE("sources of contracted units are sorted, earlier than the unit, and named by an edge each") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    const Network network = random_network(seed, 5 + static_cast<int>(seed % 40));
    for (const auto effort :
         {ContractionEffort::none, ContractionEffort::chains, ContractionEffort::search}) {
      const Contraction net = contracted(network, effort);
      REQUIRE(net.first_edge.back() == net.edge_count());
      for (int u = 0; u < net.unit_count(); ++u) {
        REQUIRE(std::ranges::is_sorted(net.sources_of(u)));
        for (const std::uint32_t s : net.sources_of(u))
          REQUIRE(s < static_cast<std::uint32_t>(net.input_count + u));
      }
    }
  }
}

TEST_CASE("groups hold every unit once, and their terms are terms of their units") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const Network network =
        seed % 3 == 0 ? random_network(seed, 40) : mostly_linear(6, 10, seed % 3 == 1 ? 1 : 0.6);
    const Contraction net =
        contracted(network, seed % 2 ? ContractionEffort::search : ContractionEffort::none);
    const UnitGroups wiring(net);
    for (const auto* groups : {&wiring.groups(), &wiring.source_groups(), &wiring.edge_groups()}) {
      std::vector<int> seen(static_cast<std::size_t>(net.unit_count()));
      for (const UnitGroup& group : *groups) {
        REQUIRE(group.units.size() <= widest_group);
        REQUIRE(std::ranges::is_sorted(group.terms));
        for (const int u : group.units) ++seen[static_cast<std::size_t>(u)];
      }
      REQUIRE(std::ranges::all_of(seen, [](int n) { return n <= 1; }));
      if (groups != &wiring.edge_groups()) REQUIRE(std::ranges::all_of(seen, [](int n) { return n == 1; }));
    }
    const auto edge = [&](std::uint32_t source, int u) {
      return wiring.edge(source, u) != UnitGroups::no_edge;
    };
    for (const auto* groups : {&wiring.groups(), &wiring.edge_groups()})
      for (const UnitGroup& group : *groups)
        for (const std::uint32_t s : group.terms)
          REQUIRE(std::ranges::any_of(group.units, [&](int u) { return edge(s, u); }));
    for (const UnitGroup& group : wiring.source_groups())
      for (const std::uint32_t c : group.terms)
        REQUIRE(std::ranges::any_of(group.units,
                                    [&](int u) { return edge(wiring.value(u), static_cast<int>(c)); }));
  }
}

TEST_CASE("units that read the same values form groups of equal size") {
  const Network dense = layered_network(1, std::vector<Activation>(8, Activation::tanh), 1, 1);
  const UnitGroups alike(contracted(dense, ContractionEffort::none));
  std::size_t widest = 0;
  for (const UnitGroup& group : alike.groups()) widest = std::max(widest, group.units.size());
  CHECK(widest == 4);  // eight in two equal pieces
}

TEST_CASE("the gradient of every trainable contracted edge is accumulated exactly once") {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    CAPTURE(seed);
    const Network network = seed % 2 ? random_network(seed, 30)
                                     : layered_network(5, std::vector<Activation>(9, Activation::sin),
                                                       0.3 + 0.1 * static_cast<double>(seed % 8), seed);
    const Contraction net = contracted(network, ContractionEffort::search);
    const Program program = make_program(net, ProgramKind::training);
    std::vector<int> times(net.edge_count());
    for (const std::uint32_t edge : program.accumulator_edges)
      if (edge != Program::no_edge) ++times[edge];
    for (std::size_t e = 0; e < times.size(); ++e) REQUIRE(times[e] == (net.edge_trainable[e] ? 1 : 0));
  }
}

TEST_CASE("a forward program uses rows again, a training program keeps them all") {
  const Network network = mostly_linear(20, 4);
  const Contraction net = contracted(network, ContractionEffort::none);
  const auto forward = make_program(net, ProgramKind::forward).row_count;
  CHECK(forward < 30);
  CHECK(make_program(net, ProgramKind::training).row_count >= 2 * 20 * 6);
}

TEST_CASE("shards cover every sample once and do not depend on anything but the problem") {
  for (const std::size_t samples : {1u, 63u, 256u, 257u, 5000u, 65536u, 700000u}) {
    const Shards shards(samples, 256);
    std::size_t next = 0;
    for (std::size_t shard = 0; shard < shards.count(); ++shard)
      shards.each_tile(shard, [&](std::size_t first, std::size_t count) {
        REQUIRE(first == next);
        REQUIRE(count <= 256);
        next += count;
      });
    CHECK(next == samples);
    CHECK(shards.count() <= 64);
  }
}
