#include "lib/graph/order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/graph/reachability.hpp"

using namespace skein;

namespace {

/// Edges that run from lower to higher places of a shuffled order, some of them twice.
DirectedGraph random_acyclic(std::uint64_t seed, std::uint32_t nodes) {
  RandomStream random(seed, "test acyclic graph");
  std::vector<std::uint32_t> place(nodes);
  for (std::uint32_t i = 0; i < nodes; ++i) place[i] = i;
  random.shuffle(std::span(place));
  DirectedGraph graph{nodes, {}};
  for (std::uint32_t e = 0; e < 2 * nodes; ++e) {
    const std::uint32_t a = random.below(nodes), b = random.below(nodes);
    if (a != b) graph.edges.emplace_back(place[std::min(a, b)], place[std::max(a, b)]);
  }
  return graph;
}

/// Who reaches whom by the definition: repeated steps (Warshall 1962).
std::vector<std::vector<bool>> slow_reachability(const DirectedGraph& graph) {
  std::vector<std::vector<bool>> reaches(graph.nodes, std::vector<bool>(graph.nodes, false));
  for (std::size_t i = 0; i < graph.nodes; ++i) reaches[i][i] = true;
  for (const auto& [source, target] : graph.edges) reaches[source][target] = true;
  for (std::size_t via = 0; via < graph.nodes; ++via)
    for (std::size_t from = 0; from < graph.nodes; ++from)
      for (std::size_t to = 0; to < graph.nodes; ++to)
        if (reaches[from][via] && reaches[via][to]) reaches[from][to] = true;
  return reaches;
}

}  // namespace

TEST_CASE("every edge points forward in the topological order, which names every node once") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    const DirectedGraph graph = random_acyclic(seed, 1 + static_cast<std::uint32_t>(seed) % 40);
    const auto order = topological_order(graph);
    REQUIRE(order);
    std::vector<std::size_t> place(graph.nodes, graph.nodes);
    for (std::size_t i = 0; i < order->size(); ++i) place[(*order)[i]] = i;
    CHECK(order->size() == graph.nodes);
    CHECK(std::ranges::count(place, graph.nodes) == 0);
    CHECK(std::ranges::all_of(graph.edges, [&](const Arrow& a) { return place[a.first] < place[a.second]; }));
    CHECK(topological_order(graph) == order);
    CHECK_FALSE(node_on_cycle(graph));
  }
}

TEST_CASE("a cycle has no order, and the first node that lies on one is named") {
  DirectedGraph graph{6, {{0, 1}, {1, 2}, {2, 4}, {4, 3}, {3, 2}, {3, 5}}};
  CHECK_FALSE(topological_order(graph));
  CHECK(node_on_cycle(graph) == 2u);
  CHECK_FALSE(longest_paths(graph));
  CHECK_THROWS_AS(AllPairsReachability{graph}, ConfigError);
  graph.edges = {{0, 1}, {5, 5}};
  CHECK_FALSE(topological_order(graph));
  CHECK(node_on_cycle(graph) == 5u);
}

TEST_CASE("longest paths are those that enumeration finds") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    const DirectedGraph graph = random_acyclic(seed, 10);
    const std::function<int(std::uint32_t)> walk = [&](std::uint32_t node) {
      int longest = 0;
      for (const auto& [source, target] : graph.edges)
        if (target == node) longest = std::max(longest, 1 + walk(source));
      return longest;
    };
    const auto longest = longest_paths(graph).value();
    for (std::uint32_t node = 0; node < graph.nodes; ++node) CHECK(longest[node] == walk(node));
  }
}

TEST_CASE(
    "a depth-first visit follows edges as they are listed and finishes what a node leads to before it") {
  const DirectedGraph graph{6, {{0, 2}, {0, 1}, {2, 3}, {1, 3}, {4, 0}}};
  using Nodes = std::vector<std::uint32_t>;
  CHECK(finishing_order(graph, Nodes{0}) == Nodes{3, 2, 1, 0});
  CHECK(finishing_order(graph, Nodes{1, 4, 0}) == Nodes{3, 1, 2, 0, 4});
  CHECK(finishing_order(graph, Nodes{4}, Nodes{2}) == Nodes{3, 1, 0, 4});
  CHECK_THROWS_AS(finishing_order(graph, Nodes{6}), ConfigError);
}

TEST_CASE("what reaches what agrees with the definition, from several nodes, backward and for all pairs") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    DirectedGraph graph = random_acyclic(seed, 5 + static_cast<std::uint32_t>(seed));
    const auto last = static_cast<std::uint32_t>(graph.nodes - 1);
    const std::vector<std::uint32_t> starts{0, 3, 0}, ends{last, 1};
    const AllPairsReachability pairs(graph);
    const auto expected = slow_reachability(graph);
    const auto from = reached_from(graph, starts), to = reaching(graph, ends),
               between = on_a_path(graph, starts, ends);
    for (std::size_t node = 0; node < graph.nodes; ++node) {
      CHECK((from[node] != 0) == (expected[0][node] || expected[3][node]));
      CHECK((to[node] != 0) == (expected[node][last] || expected[node][1]));
      CHECK(between[node] == (from[node] & to[node]));
      for (std::size_t other = 0; other < graph.nodes; ++other)
        CHECK(pairs.reaches(node, other) == expected[node][other]);
    }
    // A cycle hinders neither way of flooding.
    graph.edges.emplace_back(last, 0);
    const auto cyclic = slow_reachability(graph);
    const auto flooded = reached_from(graph, starts);
    for (std::size_t node = 0; node < graph.nodes; ++node)
      CHECK((flooded[node] != 0) == (cyclic[0][node] || cyclic[3][node]));
  }
}

TEST_CASE("edges and lists that name a node that does not exist are refused") {
  const DirectedGraph graph{2, {{0, 2}}};
  CHECK_THROWS_AS(topological_order(graph), ConfigError);
  CHECK_THROWS_AS(node_on_cycle(graph), ConfigError);
  CHECK_THROWS_AS(reached_from(graph, {}), ConfigError);
  CHECK_THROWS_AS(reaching({2, {}}, std::vector<std::uint32_t>{2}), ConfigError);
  CHECK(topological_order({0, {}})->empty());
}
