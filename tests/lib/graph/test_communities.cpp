#include "lib/graph/communities.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

using namespace skein;

namespace {

/// Zachary's karate club (1977), the 78 friendships.
WeightedGraph karate_club() {
  constexpr int pairs[][2] = {
      {1, 2},   {1, 3},   {1, 4},   {1, 5},   {1, 6},   {1, 7},   {1, 8},   {1, 9},   {1, 11},  {1, 12},
      {1, 13},  {1, 14},  {1, 18},  {1, 20},  {1, 22},  {1, 32},  {2, 3},   {2, 4},   {2, 8},   {2, 14},
      {2, 18},  {2, 20},  {2, 22},  {2, 31},  {3, 4},   {3, 8},   {3, 9},   {3, 10},  {3, 14},  {3, 28},
      {3, 29},  {3, 33},  {4, 8},   {4, 13},  {4, 14},  {5, 7},   {5, 11},  {6, 7},   {6, 11},  {6, 17},
      {7, 17},  {9, 31},  {9, 33},  {9, 34},  {10, 34}, {14, 34}, {15, 33}, {15, 34}, {16, 33}, {16, 34},
      {19, 33}, {19, 34}, {20, 34}, {21, 33}, {21, 34}, {23, 33}, {23, 34}, {24, 26}, {24, 28}, {24, 30},
      {24, 33}, {24, 34}, {25, 26}, {25, 28}, {25, 32}, {26, 32}, {27, 30}, {27, 34}, {28, 34}, {29, 32},
      {29, 34}, {30, 33}, {30, 34}, {31, 33}, {31, 34}, {32, 33}, {32, 34}, {33, 34}};
  WeightedGraph graph{34, {}};
  for (const auto& pair : pairs) graph.edges.push_back({pair[0] - 1, pair[1] - 1, 1});
  return graph;
}

/// `groups` cliques of `size`, neighbours in a ring joined by one weak edge.
WeightedGraph ring_of_cliques(int groups, int size) {
  WeightedGraph graph{groups * size, {}};
  for (int g = 0; g < groups; ++g) {
    for (int i = 0; i < size; ++i)
      for (int j = 0; j < i; ++j) graph.edges.push_back({g * size + i, g * size + j, 1});
    graph.edges.push_back({g * size, ((g + 1) % groups) * size + 1, 0.1});
  }
  return graph;
}

}  // namespace

TEST_CASE("the karate club has the greatest modularity known, 0.4198, in four communities") {
  const Communities found = find_communities(karate_club());
  CHECK(found.modularity == doctest::Approx(0.4198).epsilon(1e-4));
  CHECK(found.count == 4);
  CHECK(modularity(karate_club(), found.of) == doctest::Approx(found.modularity));
}

TEST_CASE("cliques in a ring are found, whatever the order of nodes") {
  const WeightedGraph graph = ring_of_cliques(6, 5);
  const Communities found = find_communities(graph);
  CHECK(found.count == 6);
  for (int n = 0; n < graph.nodes; ++n) CHECK(found.of[static_cast<std::size_t>(n)] == n / 5);

  std::vector<int> name(30);
  std::iota(name.begin(), name.end(), 0);
  RandomStream random(1, "names");
  random.shuffle(std::span(name));
  WeightedGraph renamed = graph;
  for (WeightedEdge& edge : renamed.edges) {
    edge.a = name[static_cast<std::size_t>(edge.a)];
    edge.b = name[static_cast<std::size_t>(edge.b)];
  }
  CHECK(find_communities(renamed).modularity == doctest::Approx(found.modularity));
}

TEST_CASE("modularity follows its definition") {
  // Two edges in two communities: 1 - 2 * (2/4)^2; all in one: 0; scaled weights change nothing.
  const WeightedGraph graph{4, {{0, 1, 2}, {2, 3, 2}}};
  CHECK(modularity(graph, std::vector{0, 0, 1, 1}) == doctest::Approx(0.5));
  CHECK(modularity(graph, std::vector{0, 0, 0, 0}) == doctest::Approx(0));
  CHECK(modularity(graph, std::vector{0, 1, 2, 3}) == doctest::Approx(-0.25));
  // A loop: strengths 2 + 1 and 1, inside (2) of total 4.
  CHECK(modularity(WeightedGraph{2, {{0, 0, 1}, {0, 1, 1}}}, std::vector{0, 1}) ==
        doctest::Approx(2.0 / 4 - (9.0 + 1) / 16));
}

TEST_CASE("graphs without weight have defined answers; impossible ones are refused") {
  CHECK(find_communities({0, {}}).count == 0);
  const Communities alone = find_communities({3, {{0, 1, 0.0}}});
  CHECK(alone.count == 3);
  CHECK(alone.modularity == 0);
  CHECK_THROWS_AS(find_communities({2, {{0, 2, 1}}}), ConfigError);
  CHECK_THROWS_AS(find_communities({2, {{0, 1, -1}}}), ConfigError);
  CHECK_THROWS_AS(find_communities({2, {{0, 1, std::nan("")}}}), ConfigError);
}

TEST_CASE("blocks of similar items stand out from shuffled weights, random similarities do not") {
  RandomStream random(4, "similarities");
  WeightedGraph blocks{18, {}}, noise{18, {}};
  for (int i = 0; i < 18; ++i)
    for (int j = 0; j < i; ++j) {
      blocks.edges.push_back({i, j, (i / 6 == j / 6 ? 0.8 : 0.2) + random.uniform(-0.1, 0.1)});
      noise.edges.push_back({i, j, random.uniform()});
    }
  const AgainstNull clear = modularity_against_shuffled_weights(blocks, 20);
  CHECK(clear.samples == 20);
  CHECK(clear.z() > 10);
  CHECK(std::abs(modularity_against_shuffled_weights(noise, 20).z()) < 3);
}
