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
  return std::move(builder).finish({network.outputs().begin(), network.outputs().end()}, network.slot_count());
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
    for (const UnitBreak& one :
         find_breaks(own.network, own.weights, sgd::lower(mlp.wiring).network, mlp.weights))
      CHECK(one.kind == Break::correct);
  }
}

TEST_CASE("one corrupted unit is one local error, which propagates to its descendants alone") {
  int tried = 0;
  for (const auto& made : {face(), flower(), sunset()}) {
    const neat::Phenotype own = neat::express(made.genome);
    for (int u = 0; u < own.network.unit_count(); ++u) {
      const auto edges = own.network.edges_of(u);
      const bool reads_place =
          std::ranges::any_of(edges, [](const Edge& edge) { return edge.source < 2; });
      if (!reads_place || own.network.units()[static_cast<std::size_t>(u)].layer > 1) continue;
      const Network broken = corrupted(own.network, u);
      const auto below = descendants(own.network, u);
      const auto breaks = find_breaks(own.network, own.weights, broken, own.weights);
      const auto of_unit = std::ranges::find(breaks, u, &UnitBreak::unit);
      REQUIRE(of_unit != breaks.end());
      if (of_unit->kind == Break::correct) continue;  // other units of the layer have what it had
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
      CHECK(std::ranges::any_of(breaks, [](const UnitBreak& one) { return one.kind == Break::propagated; }));
    }
  }
  CHECK(tried >= 5);
}

TEST_CASE("a rotated twin lacks units that the genome has, and draws the same") {
  const auto made = face();
  const neat::Phenotype own = neat::express(made.genome);
  const sgd::Mlp twin = fractured_twin(bridge::layerize(made.genome), Fracture::rotate, 1);
  const auto breaks = find_breaks(own.network, own.weights, sgd::lower(twin.wiring).network, twin.weights);
  CHECK(std::ranges::any_of(breaks, [](const UnitBreak& one) { return one.kind == Break::local; }));
  // The outputs are what they were.
  for (const UnitBreak& one : breaks)
    if (one.layer == own.network.depth()) CHECK(one.error < 0.01);
}

TEST_CASE("a value that comes right from parents that are not there is restored") {
  // out = a + b; the network has neither a = x + y nor b = x - y, but computes 2 x itself.
  const Signature signature = picture_signature();
  NetworkBuilder reference(signature);
  const auto a = reference.add_unit({Activation::tanh, 1}, std::array{Edge{0, 0}, Edge{1, 1}});
  const auto b = reference.add_unit({Activation::tanh, 1}, std::array{Edge{0, 2}, Edge{1, 3}});
  const auto sum = reference.add_unit({Activation::identity, 2}, std::array{Edge{a, 4}, Edge{b, 5}});
  const Network whole = std::move(reference).finish({sum, sum, sum});
  const Weights weights{3, 3, 3, -3, 1, 1};
  NetworkBuilder other(signature);
  const auto same_a = other.add_unit({Activation::gaussian, 1}, std::array{Edge{0, 0}});
  const auto map_a = other.add_unit({Activation::tanh, 2}, std::array{Edge{0, 1}, Edge{1, 2}});
  const auto map_b = other.add_unit({Activation::tanh, 2}, std::array{Edge{0, 3}, Edge{1, 4}});
  const auto late = other.add_unit({Activation::identity, 3}, std::array{Edge{map_a, 5}, Edge{map_b, 6}, Edge{same_a, 7}});
  const Network jumps = std::move(other).finish({late, late, late});
  // Depths 2 and 3: layer 1 of the reference is looked for in layer 2 of the network, where it is.
  const Weights late_weights{4, 3, 3, 3, -3, 1, 1, 0};
  for (const UnitBreak& one : find_breaks(whole, weights, jumps, late_weights)) CHECK(one.kind == Break::correct);
  // The same with both parents gone from that layer: computed in one layer more.
  NetworkBuilder deep(signature);
  const auto far = deep.add_unit({Activation::gaussian, 1}, std::array{Edge{1, 0}});
  const auto deep_a = deep.add_unit({Activation::tanh, 1}, std::array{Edge{0, 1}, Edge{1, 2}});
  const auto deep_b = deep.add_unit({Activation::tanh, 1}, std::array{Edge{0, 3}, Edge{1, 4}});
  const auto mixed = deep.add_unit({Activation::identity, 2}, std::array{Edge{deep_a, 5}, Edge{deep_b, 6}});
  const auto lone = deep.add_unit({Activation::gaussian, 3}, std::array{Edge{far, 7}});
  const auto copy = deep.add_unit({Activation::identity, 3}, std::array{Edge{mixed, 8}});
  const auto end = deep.add_unit({Activation::identity, 4}, std::array{Edge{copy, 9}, Edge{lone, 10}});
  const Network deeper = std::move(deep).finish({end, end, end});
  const auto breaks = find_breaks(whole, weights, deeper, Weights{2, 3, 3, 3, -3, 1, 1, 1, 1, 1, 0});
  CHECK(std::ranges::count_if(breaks, [](const UnitBreak& one) { return one.kind == Break::restored; }) == 1);
  CHECK(breaks.back().error < 1e-9);
}

TEST_CASE("breaks refuse what cannot be compared") {
  const neat::Phenotype own = neat::express(face().genome);
  NetworkBuilder builder(Signature{{"a"}, {"b"}});
  const auto unit = builder.add_unit({Activation::tanh, 1}, std::array{Edge{0, 0}});
  const Network other = std::move(builder).finish({unit});
  CHECK_THROWS_AS(find_breaks(own.network, own.weights, other, Weights{1}), ConfigError);
  CHECK_THROWS_AS(find_breaks(own.network, own.weights, own.network, own.weights, {.threshold = 0}), ConfigError);
}
