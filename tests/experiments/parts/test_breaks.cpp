#include "experiments/parts/breaks.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "bridge/layerize.hpp"
#include "experiments/measures/fractured_twins.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"
#include "neat/genome/genome.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// The same network with one unit that reads other inputs than it should: x in the place of y and the reverse, and what
/// it reads of units exchanged with the constant.
Network corrupted(const Network& network, int which) {
  NetworkBuilder builder(network.signature());
  for (int u = 0; u < network.unit_count(); ++u) {
    std::vector<Edge> edges(network.edges_of(u).begin(), network.edges_of(u).end());
    if (u == which)
      for (Edge& edge : edges)
        if (edge.source < 2) edge.source = 1 - edge.source;
    builder.add_unit(network.units()[static_cast<std::size_t>(u)], edges);
  }
  return std::move(builder).finish({network.outputs().begin(), network.outputs().end()},
                                   network.slot_count());
}

std::vector<std::uint8_t> descendants(const Network& network, int of) {
  std::vector<std::uint8_t> below(static_cast<std::size_t>(network.unit_count()), 0);
  below[static_cast<std::size_t>(of)] = 1;
  for (int u = of + 1; u < network.unit_count(); ++u)
    for (const Edge& edge : network.edges_of(u))
      if (const int source = static_cast<int>(edge.source) - network.input_count();
          source >= 0 && below[static_cast<std::size_t>(source)])
        below[static_cast<std::size_t>(u)] = 1;
  return below;
}

}  // namespace

TEST_CASE("a genome against itself, or against its layered form, has every unit") {
  for (const auto& made : {face(), flower(), sunset()}) {
    const neat::Phenotype own = neat::express(made.genome);
    for (const UnitBreak& one : find_breaks(own.network, own.weights, own.network, own.weights)) {
      CHECK(one.kind == Break::correct);
      CHECK(one.error < 1e-9);
    }
    const sgd::Mlp mlp = bridge::layerize(made.genome);
    for (const UnitBreak& one : find_breaks(own.network, own.weights, sgd::lower(mlp.wiring).network,
                                            mlp.weights, {}, mlp.wiring.depth()))
      CHECK(one.kind == Break::correct);
  }
}

TEST_CASE("one corrupted unit is one local error, which propagates to its descendants alone") {
  int tried = 0, reached = 0;
  for (const auto& made : {face(), flower(), sunset()}) {
    const neat::Phenotype own = neat::express(made.genome);
    for (int u = 0; u < own.network.unit_count(); ++u) {
      const auto edges = own.network.edges_of(u);
      const bool reads_place = std::ranges::any_of(edges, [](const Edge& edge) { return edge.source < 2; });
      if (!reads_place || own.network.units()[static_cast<std::size_t>(u)].layer > 1) continue;
      const Network broken = corrupted(own.network, u);
      const auto below = descendants(own.network, u);
      const auto breaks = find_breaks(own.network, own.weights, broken, own.weights);
      const auto of_unit = std::ranges::find(breaks, u, &UnitBreak::unit);
      REQUIRE(of_unit != breaks.end());
      if (of_unit->error < 0.3) continue;  // other units of the layer have most of what it had
      CAPTURE(made.notes.name);
      CAPTURE(u);
      ++tried;
      CHECK(of_unit->kind == Break::local);
      for (const UnitBreak& one : breaks) {
        if (one.unit == u) continue;
        CAPTURE(one.unit);
        CHECK(one.kind != Break::local);
        if (!below[static_cast<std::size_t>(one.unit)]) CHECK(one.kind == Break::correct);
      }
      for (const UnitBreak& one : breaks) reached += one.kind == Break::propagated;
    }
  }
  CHECK(tried >= 5);
  CHECK(reached >= tried);
}

TEST_CASE("a rotated twin lacks units that the genome has, and draws the same") {
  const auto made = face();
  const neat::Phenotype own = neat::express(made.genome);
  const sgd::Mlp twin = fractured_twin(bridge::layerize(made.genome), Fracture::rotate, 1);
  const auto breaks = find_breaks(own.network, own.weights, sgd::lower(twin.wiring).network, twin.weights, {},
                                  twin.wiring.depth());
  CHECK(std::ranges::any_of(breaks, [](const UnitBreak& one) { return one.kind == Break::local; }));
  // The outputs are what they were.
  for (const UnitBreak& one : breaks)
    if (one.layer == own.network.depth()) CHECK(one.error < 0.01);
}

TEST_CASE("a value that comes right from parents that are not there is restored") {
  const Signature signature = picture_signature();
  NetworkBuilder builder(signature);
  const auto a = builder.add_unit({Activation::tanh, 1}, std::array{Edge{0, 0}, Edge{1, 1}});
  const auto b = builder.add_unit({Activation::tanh, 1}, std::array{Edge{0, 2}, Edge{1, 3}});
  const auto sum = builder.add_unit({Activation::identity, 2}, std::array{Edge{a, 4}, Edge{b, 5}});
  const Network reference = std::move(builder).finish({sum, sum, sum});
  const Weights weights{3, 3, 3, -3, 1, 1};
  // Where a and b are looked for, half way up, there is something else; what they give is there in the end.
  NetworkBuilder other(signature);
  const auto early_a = other.add_unit({Activation::tanh, 1}, std::array{Edge{0, 0}, Edge{1, 1}});
  const auto early_b = other.add_unit({Activation::tanh, 1}, std::array{Edge{0, 2}, Edge{1, 3}});
  const auto beside = other.add_unit({Activation::gaussian, 2}, std::array{Edge{2, 6}});
  const auto end = other.add_unit({Activation::identity, 4},
                                  std::array{Edge{early_a, 4}, Edge{early_b, 5}, Edge{beside, 7}});
  const Network network = std::move(other).finish({end, end, end});
  const auto breaks = find_breaks(reference, weights, network, Weights{3, 3, 3, -3, 1, 1, 2, 0});
  REQUIRE(breaks.size() == 3);
  CHECK(breaks[0].kind == Break::local);
  CHECK(breaks[1].kind == Break::local);
  CHECK(breaks[2].kind == Break::restored);
  CHECK(breaks[2].error < 1e-9);
}

TEST_CASE("breaks refuse what cannot be compared") {
  const neat::Phenotype own = neat::express(face().genome);
  NetworkBuilder builder(Signature{{"a"}, {"b"}});
  const auto unit = builder.add_unit({Activation::tanh, 1}, std::array{Edge{0, 0}});
  const Network other = std::move(builder).finish({unit});
  CHECK_THROWS_AS(find_breaks(own.network, own.weights, other, Weights{1}), ConfigError);
  CHECK_THROWS_AS(find_breaks(own.network, own.weights, own.network, own.weights, {.threshold = 0}),
                  ConfigError);
}
