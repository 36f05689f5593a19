#include "experiments/polar/probe.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "experiments/polar/polar_cases.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

const ProgressListener go_on = [](const Progress&) { return true; };

/// Whether, with every edge of a relation one and the same step, nodes are nearest to those that they are tied to: no
/// two others lie as near as the ends of an edge.
bool steps_keep_apart(const PartTree& tree) {
  std::vector<std::array<int, relation_count>> at(tree.nodes.size());
  for (const TreeEdge& edge : tree.edges) {  // heads come first
    at[edge.dependent] = at[edge.head];
    ++at[edge.dependent][static_cast<std::size_t>(edge.relation)];
  }
  const std::vector<int> distances = tree_distances(tree);
  for (std::size_t i = 0; i < at.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      int apart = 0;
      for (std::size_t t = 0; t < relation_count; ++t) apart += (at[i][t] - at[j][t]) * (at[i][t] - at[j][t]);
      if (distances[i * at.size() + j] > 1 && apart < 2) return false;
    }
  return true;
}

/// Random trees: each of 4 to 7 nodes out of 9 names, every node but the first on a random one before it.
PolarCases random_trees(std::size_t count, std::uint64_t seed, bool only_apart = false) {
  RandomStream random(seed, "random trees");
  PolarCases cases;
  cases.names = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  while (cases.cases.size() < count) {
    std::vector<std::uint32_t> names = cases.names;
    random.shuffle(std::span(names));
    PartTree tree;
    const std::uint32_t nodes = 4 + random.below(4);
    for (std::uint32_t i = 0; i < nodes; ++i) {
      tree.nodes.push_back({names[i], {i}, 0});
      if (i > 0) tree.edges.push_back({random.below(i), i, static_cast<Relation>(random.below(3))});
    }
    if (only_apart && !steps_keep_apart(tree)) continue;
    std::vector<int> distances = tree_distances(tree);
    cases.cases.push_back({std::move(tree), std::move(distances), cases.rows});
    cases.rows += nodes;
  }
  return cases;
}

CaseList numbers(std::size_t from, std::size_t to) {
  CaseList list;
  for (std::size_t c = from; c < to; ++c) list.push_back(c);
  return list;
}

ProbeScore read_held_out(const Eigen::MatrixXd& vectors, const std::vector<ProbeCase>& told,
                         const std::vector<ProbeCase>& truth, std::size_t fitted,
                         const ProbeSettings& settings) {
  const auto probe = fit_probe(vectors, told, numbers(0, fitted), settings, 1, go_on);
  REQUIRE(probe);
  const CaseList held_out = numbers(fitted, truth.size());
  std::vector<CasePrediction> said;
  for (const std::size_t c : held_out) said.push_back(predict(*probe, vectors, truth[c]));
  return score_of(truth, numbers(0, fitted), held_out, said, 2);
}

/// The loss as it is defined, pair by pair.
double plain_loss(const Eigen::MatrixXd& map, const Eigen::MatrixXd& vectors, const PolarCases& cases,
                  double lambda) {
  double distances = 0, pairs = 0, angles = 0;
  std::vector<std::pair<Eigen::VectorXd, Relation>> edges;
  for (const ProbeCase& one : cases.cases) {
    const auto place = [&](std::size_t node) -> Eigen::VectorXd {
      return map * vectors.row(static_cast<Eigen::Index>(one.first_row + node)).transpose();
    };
    const std::size_t n = one.tree.nodes.size();
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j, ++pairs)
        distances += std::abs((place(i) - place(j)).squaredNorm() - one.distances[i * n + j]);
    for (const TreeEdge& edge : one.tree.edges)
      edges.emplace_back((place(edge.head) - place(edge.dependent)).normalized(), edge.relation);
  }
  for (const auto& [a, type] : edges)
    for (const auto& [b, other] : edges) {
      const double off = 1 - a.dot(b) - (type == other ? 0 : 1);
      angles += off * off;
    }
  return distances / pairs + lambda * angles / static_cast<double>(edges.size() * edges.size());
}

}  // namespace

TEST_CASE("the probe's loss is the definition's, and its gradient agrees with central differences") {
  const PolarCases cases = random_trees(6, 3);
  const CaseList all = numbers(0, 6);
  const Eigen::MatrixXd vectors = noise_layer(cases, 7, 4).vectors;
  RandomStream random(5, "a map");
  Eigen::MatrixXd map(3, 7);
  for (double& value : map.reshaped()) value = 0.4 * random.normal();
  for (const double lambda : {0.0, 10.0}) {
    CAPTURE(lambda);
    Eigen::MatrixXd gradient;
    const double loss = probe_loss(map, vectors, cases.cases, all, lambda, &gradient);
    CHECK(loss == doctest::Approx(plain_loss(map, vectors, cases, lambda)).epsilon(1e-12));
    constexpr double step = 1e-6;
    for (Eigen::Index i = 0; i < map.size(); ++i) {
      Eigen::MatrixXd up = map, down = map;
      up.reshaped()(i) += step;
      down.reshaped()(i) -= step;
      const double slope = (probe_loss(up, vectors, cases.cases, all, lambda) -
                            probe_loss(down, vectors, cases.cases, all, lambda)) /
                           (2 * step);
      CHECK(gradient.reshaped()(i) == doctest::Approx(slope).epsilon(1e-5));
    }
  }
}

TEST_CASE("a probe reads planted trees with an accuracy of 1, in cases it was not fitted to") {
  for (const std::uint64_t seed : {0u, 1u, 2u}) {
    CAPTURE(seed);
    const PolarCases cases = random_trees(120, seed, true);
    const Eigen::MatrixXd planted = planted_layer(cases, seed).vectors;
    const ProbeSettings settings{.rank = static_cast<int>(planted.cols())};
    const ProbeScore score = read_held_out(planted, cases.cases, cases.cases, 80, settings);
    CHECK(score.cases == 40);
    CHECK(score.tree == 1);
    CHECK(score.type == 1);
    CHECK(score.type_balanced == 1);
    // Told shuffled relations it reads no relation.
    const auto shuffled = shuffled_relations(cases.cases, numbers(0, 80), seed);
    CHECK(read_held_out(planted, shuffled, cases.cases, 80, settings).type_balanced < 0.6);
  }
}

TEST_CASE("planted trees of any form: the tree alone is read exactly, and so are relations") {
  for (const std::uint64_t seed : {0u, 1u, 2u}) {
    CAPTURE(seed);
    const PolarCases cases = random_trees(120, seed);
    const Eigen::MatrixXd planted = planted_layer(cases, seed).vectors;
    ProbeSettings settings{.rank = static_cast<int>(planted.cols())};
    const ProbeScore both = read_held_out(planted, cases.cases, cases.cases, 80, settings);
    CHECK(both.type == 1);
    settings.lambda = 0;
    const ProbeScore alone = read_held_out(planted, cases.cases, cases.cases, 80, settings);
    CHECK(alone.tree == 1);
    // Not 1: what is equally far in a tree has one rank there, and hardly ever in what is said.
    CHECK(alone.distance > 0.9);
    // What asks for parallel edges takes from the distances: two like steps are one of twice the length.
    CHECK(both.tree < alone.tree);
  }
}

TEST_CASE("a probe reads noise with chance") {
  double tree = 0, chance = 0, type = 0, distance = 0;
  constexpr int seeds = 5;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const PolarCases cases = random_trees(150, seed);
    const Eigen::MatrixXd noise = noise_layer(cases, 16, seed).vectors;
    const ProbeScore score = read_held_out(noise, cases.cases, cases.cases, 80, {.rank = 8, .steps = 150});
    tree += score.tree / seeds, chance += score.tree_chance / seeds;
    type += score.type_balanced / seeds, distance += score.distance / seeds;
    CHECK(score.type_chance == doctest::Approx(1.0 / 3));
  }
  // 350 cases of 4.5 edges: the share has a standard deviation of about 0.012, types of 0.014.
  CHECK(std::abs(tree - chance) < 0.05);
  CHECK(std::abs(type - 1.0 / 3) < 0.05);
  CHECK(std::abs(distance) < 0.06);
}

TEST_CASE("fitting is the same for the same seed, passes over what never varies, and stops when told to") {
  const PolarCases cases = random_trees(30, 7);
  const CaseList on = numbers(0, 20);
  Eigen::MatrixXd vectors = noise_layer(cases, 6, 8).vectors;
  const ProbeSettings settings{.rank = 4, .steps = 40};
  const auto a = fit_probe(vectors, cases.cases, on, settings, 1, go_on);
  const auto b = fit_probe(vectors, cases.cases, on, settings, 1, go_on);
  const auto other = fit_probe(vectors, cases.cases, on, settings, 2, go_on);
  REQUIRE((a && b && other));
  CHECK(a->map == b->map);
  CHECK(a->map != other->map);
  // Units in another measure are the same probe in that measure.
  Eigen::MatrixXd scaled = vectors;
  scaled.col(2) *= 64;
  const auto in_other_units = fit_probe(scaled, cases.cases, on, settings, 1, go_on);
  CHECK((in_other_units->map.col(2) * 64 - a->map.col(2)).norm() < 1e-9);
  vectors.col(3).setConstant(5);
  CHECK(fit_probe(vectors, cases.cases, on, settings, 1, go_on)->map.col(3).norm() == 0);
  CHECK(fit_probe(vectors, cases.cases, on, {.rank = 99, .steps = 2}, 1, go_on)->map.rows() == 6);
  int asked = 0;
  CHECK_FALSE(fit_probe(vectors, cases.cases, on, settings, 1, [&](const Progress&) { return ++asked < 3; }));
  CHECK(asked == 3);
}

TEST_CASE("the table knows pairs of names by what was seen of them, and of others what is usual") {
  // Three nodes in a row, twice; then the first two exchanged.
  PolarCases cases;
  cases.names = {0, 1, 2, 3};
  const auto add = [&](std::vector<std::uint32_t> names, Relation second) {
    PartTree tree;
    for (const std::uint32_t n : names) tree.nodes.push_back({n, {0}, 0});
    tree.edges = {{0, 1, Relation::contains}, {1, 2, second}};
    cases.cases.push_back({tree, tree_distances(tree), cases.rows});
    cases.rows += 3;
  };
  add({0, 1, 2}, Relation::above);
  add({0, 1, 2}, Relation::above);
  add({1, 0, 2}, Relation::mirrors);
  add({0, 1, 2}, Relation::above);
  add({3, 1, 2}, Relation::above);
  const auto said = table_predictions(cases.cases, {0, 1, 2}, {3, 4});
  CHECK(said[0].distances[1] == 1);
  CHECK(said[0].distances[2] == doctest::Approx(5.0 / 3));
  CHECK(said[0].distances[5] == doctest::Approx(4.0 / 3));
  CHECK(said[0].relations == std::vector{Relation::contains, Relation::above});
  CHECK(said[1].distances[1] == doctest::Approx(12.0 / 9));  // 3 was not seen: the mean of all
  CHECK(said[1].relations == std::vector{Relation::contains, Relation::above});
  const ProbeScore score = score_of(cases.cases, {0, 1, 2}, {3, 4}, said, 0);
  // Of the four edges one is new: 3 and 1 were never tied, and what is usual is right by chance.
  CHECK(score.new_edges == 1);
  CHECK(score.type_new == 1);
  CHECK(score.type_new_majority == 1);
  CHECK(score.tree_new_chance == doctest::Approx(2.0 / 3));
  CHECK(score_of(cases.cases, {0}, {1}, {said[0]}, 0).new_edges == 0);
  CHECK(std::isnan(score_of(cases.cases, {0}, {1}, {said[0]}, 0).type_new));
  CHECK(score.type == 1);
  CHECK(score.type_chance == 0.5);
  CHECK(score.tree_chance == doctest::Approx(2.0 / 3));
}

TEST_CASE("relations exchanged by pair are one for each pair of names, and as many of each kind") {
  const PolarCases cases = random_trees(40, 9);
  const auto exchanged = relations_by_pair(cases.cases, 1);
  std::map<std::pair<std::uint32_t, std::uint32_t>, Relation> of;
  for (const ProbeCase& one : exchanged)
    for (const TreeEdge& edge : one.tree.edges) {
      const auto [at, fresh] = of.emplace(
          std::pair(one.tree.nodes[edge.head].name, one.tree.nodes[edge.dependent].name), edge.relation);
      CHECK(at->second == edge.relation);
    }
  const auto shuffled = shuffled_relations(cases.cases, numbers(0, 40), 1);
  std::array<int, relation_count> before{}, after{};
  int moved = 0;
  for (std::size_t c = 0; c < 40; ++c)
    for (std::size_t e = 0; e < shuffled[c].tree.edges.size(); ++e) {
      ++before[static_cast<std::size_t>(cases.cases[c].tree.edges[e].relation)];
      ++after[static_cast<std::size_t>(shuffled[c].tree.edges[e].relation)];
      moved += cases.cases[c].tree.edges[e].relation != shuffled[c].tree.edges[e].relation;
    }
  CHECK(before == after);
  CHECK(moved > 60);
}

TEST_CASE("settings of a probe that cannot be are refused") {
  CHECK_THROWS_AS(ProbeSettings{.rank = 0}.validate(), ConfigError);
  CHECK_THROWS_AS(ProbeSettings{.lambda = -1}.validate(), ConfigError);
  CHECK_THROWS_AS(ProbeSettings{.steps = 0}.validate(), ConfigError);
  CHECK_THROWS_AS(ProbeSettings{.rate = 0}.validate(), ConfigError);
}
