// The wiring volume against its closed form, its chain and known values, and ranks against maximum flows.
#include <doctest/doctest.h>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/boykov_kolmogorov_max_flow.hpp>
#include <cmath>
#include <vector>

#include "experiments/volume/wiring_volume.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

RandomWiring plain(int sources, double fan_in, int width, int depth) {
  return {.sources = sources, .width = width, .depth = depth, .fan_in = fan_in};
}

/// One layer, no copies: inclusion and exclusion over the sources that have no pure unit.
double closed_form(int sources, double fan_in, int width) {
  const double q = fan_in / sources, pure = q * std::pow(1 - q, sources - 1);
  double sum = 0, choose = 1;
  for (int k = 0; k <= sources; ++k) {
    sum += (k % 2 ? -1 : 1) * choose * std::pow(1 - k * pure, width);
    choose = choose * (sources - k) / (k + 1);
  }
  return sum;
}

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
using FlowGraph = boost::adjacency_list<
    boost::vecS, boost::vecS, boost::directedS,
    boost::property<boost::vertex_color_t, boost::default_color_type,
                    boost::property<boost::vertex_distance_t, long,
                                    boost::property<boost::vertex_predecessor_t, Traits::edge_descriptor>>>,
    boost::property<boost::edge_capacity_t, long,
                    boost::property<boost::edge_residual_capacity_t, long,
                                    boost::property<boost::edge_reverse_t, Traits::edge_descriptor>>>>;

/// The number of vertex-disjoint paths by Boost's maximum flow: every unit is an arrow of capacity 1 from its
/// entry to its exit.
long disjoint_paths_by_flow(const RandomWiring& wiring, const std::vector<LayerArrow>& arrows) {
  const auto sources = static_cast<std::size_t>(wiring.sources),
             width = static_cast<std::size_t>(wiring.width);
  const std::size_t units = sources + width * static_cast<std::size_t>(wiring.depth);
  FlowGraph graph(2 * units + 2);
  const auto connect = [&](std::size_t from, std::size_t to) {
    const auto there = boost::add_edge(from, to, graph).first, back = boost::add_edge(to, from, graph).first;
    boost::put(boost::edge_capacity, graph, there, 1);
    boost::put(boost::edge_capacity, graph, back, 0);
    boost::put(boost::edge_reverse, graph, there, back);
    boost::put(boost::edge_reverse, graph, back, there);
  };
  const auto number = [&](int layer, int unit) {  // layer -1: the sources
    return layer < 0 ? static_cast<std::size_t>(unit)
                     : sources + width * static_cast<std::size_t>(layer) + static_cast<std::size_t>(unit);
  };
  for (std::size_t u = 0; u < units; ++u) connect(2 * u, 2 * u + 1);
  for (std::size_t s = 0; s < sources; ++s) connect(2 * units, 2 * s);
  for (int u = 0; u < wiring.width; ++u) connect(2 * number(wiring.depth - 1, u) + 1, 2 * units + 1);
  for (const LayerArrow& arrow : arrows)
    connect(2 * number(arrow.layer - 1, arrow.source) + 1, 2 * number(arrow.layer, arrow.unit));
  return boost::boykov_kolmogorov_max_flow(graph, 2 * units, 2 * units + 1);
}

}  // namespace

TEST_CASE("the exact share of compositional wirings meets the known values") {
  CHECK(*exact_compositional(plain(3, 1.5, 3, 1)) == doctest::Approx(.01172).epsilon(5e-4));
  CHECK(*exact_compositional(plain(3, 1.5, 6, 1)) == doctest::Approx(.12794).epsilon(5e-5));
  CHECK(*exact_compositional(plain(3, 1.5, 12, 1)) == doctest::Approx(.48722).epsilon(1e-5));
  CHECK(std::abs(*exact_compositional(plain(3, 1.5, 4, 2)) - .00105) < 5e-6);
  CHECK(std::abs(*exact_compositional(plain(3, 1.5, 6, 2)) - .00662) < 5e-6);
  CHECK(std::abs(*exact_compositional(plain(3, 1, 5, 3)) - .00051) < 5e-6);
  for (int sources = 1; sources <= 4; ++sources)
    for (int width = sources; width <= 8; ++width)
      CHECK(std::abs(*exact_compositional(plain(sources, 0.8, width, 1)) - closed_form(sources, 0.8, width)) <
            1e-12);
  CHECK_FALSE(exact_compositional(plain(3, 2, 192, 4)).has_value());
}

TEST_CASE("Monte Carlo agrees with the exact share in 95 of 100 cells at the least") {
  int inside = 0, cells = 0;
  for (const double fan_in : {1.0, 1.5, 2.0, 2.5})
    for (const int width : {3, 4, 5, 6, 8})
      for (int depth = 1; depth <= 5; ++depth) {
        RandomWiring wiring = plain(3, fan_in, width, depth);
        wiring.copies = width % 2 == 0 ? 0.3 : 0;
        const auto volume = sample_volume(wiring, 0, 3000, static_cast<std::uint64_t>(cells), {}, 2.575829);
        const double exact = *exact_compositional(wiring);
        inside += volume->compositional.low <= exact && exact <= volume->compositional.high ? 1 : 0;
        ++cells;
      }
  REQUIRE(cells == 100);
  CHECK(inside >= 95);
}

TEST_CASE("the rank of random matrices is the maximum flow in 1,000 random wirings") {
  int lower = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    RandomStream random(7, "flow test", i);
    RandomWiring wiring = plain(1 + static_cast<int>(random.below(6)), random.uniform(0.4, 2.5), 1, 1);
    wiring.width = wiring.sources + static_cast<int>(random.below(6));
    wiring.depth = 1 + static_cast<int>(random.below(6));
    wiring.copies = random.uniform(0, 0.6);
    std::vector<LayerArrow> arrows;
    const DrawnWiring drawn = draw_wiring(wiring, 0, 11, i, &arrows);
    REQUIRE_MESSAGE(drawn.disjoint_paths == disjoint_paths_by_flow(wiring, arrows), "wiring " << i);
    lower += drawn.disjoint_paths < wiring.sources ? 1 : 0;
    CHECK((!drawn.compositional || drawn.spanning));  // K lies inside S
  }
  CHECK(lower > 100);  // not all wirings span: the comparison says something
  CHECK(lower < 900);
}

TEST_CASE("a level asks for computing units, copies alone do not reach it") {
  RandomWiring wiring = plain(2, 2, 8, 3);
  wiring.copies = 1;
  CHECK(sample_volume(wiring, 0, 500, 1)->compositional.value > 0.3);
  CHECK(sample_volume(wiring, 1, 500, 1)->compositional.value == 0);
  CHECK(sample_volume(plain(3, 2, 12, 2), 3, 500, 1)->spanning.value == 0);  // two layers have no third level
}

TEST_CASE("the volume is the same on any number of threads, and bad requests are refused") {
  const RandomWiring wiring{.sources = 3, .width = 24, .depth = 4, .fan_in = 2, .copies = 0.5};
  const auto all = sample_volume(wiring, 2, 5000, 3);
  const ThreadLimit one(1);
  const auto alone = sample_volume(wiring, 2, 5000, 3);
  CHECK(all->compositional.value == alone->compositional.value);
  CHECK(all->spanning.value == alone->spanning.value);
  CHECK_THROWS_AS(sample_volume(plain(4, 2, 3, 2), 0, 10, 0), ConfigError);  // fewer units than primitives
  CHECK_THROWS_AS(sample_volume(wiring, 0, 0, 0), ConfigError);
  CHECK_THROWS_AS(sample_volume(wiring, -1, 10, 0), ConfigError);
  CHECK_THROWS_AS(sample_volume(plain(3, std::nan(""), 8, 2), 0, 10, 0), ConfigError);
}

TEST_CASE("slow: with copies and a level the share of compositional wirings peaks at four layers") {
  // c = 2, kappa = .5, D = 2, P = 3, W = 96.
  const double known[] = {0, .108, .290, .324, .272, .187, .116, .061, .029};
  for (int depth = 1; depth <= 9; ++depth) {
    const RandomWiring wiring{.sources = 3, .width = 96, .depth = depth, .fan_in = 2, .copies = 0.5};
    const auto volume = sample_volume(wiring, 2, 6'000, 5, {}, 3.3);
    CAPTURE(depth);
    CHECK(volume->compositional.low - .006 <= known[depth - 1]);  // the known values are a Monte Carlo's too
    CHECK(volume->compositional.high + .006 >= known[depth - 1]);
  }
  // A fan-in that grows with the width has an optimal width; at fixed density in every layer it lies further up.
  const auto share = [](int width, bool dense_first) {
    const RandomWiring wiring{
        .sources = 3, .width = width, .depth = 4, .density = .05, .dense_first = dense_first, .copies = 0.5};
    return sample_volume(wiring, 2, 6'000, 9)->compositional.value;
  };
  CHECK(share(24, true) > share(12, true));
  CHECK(share(24, true) > share(48, true));
  CHECK(std::abs(share(24, true) - .104) < .015);
  CHECK(std::abs(share(48, false) - .32) < .03);
}
