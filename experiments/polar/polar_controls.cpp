// What a probe is held against: vectors whose answer is known, and relations that are not the pictures'.
#include <algorithm>
#include <cmath>
#include <map>

#include "experiments/polar/polar_cases.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

/// Rows of unit length, each at a right angle to those before: as many as there are dimensions (Gram, Schmidt).
Eigen::MatrixXd random_rotation(Eigen::Index n, RandomStream& random) {
  Eigen::MatrixXd rows(n, n);
  for (Eigen::Index r = 0; r < n; ++r) {
    for (Eigen::Index c = 0; c < n; ++c) rows(r, c) = random.normal();
    for (int twice = 0; twice < 2; ++twice)
      for (Eigen::Index before = 0; before < r; ++before)
        rows.row(r) -= rows.row(r).dot(rows.row(before)) * rows.row(before);
    rows.row(r).normalize();
  }
  return rows;
}

/// Which of the family's names a node has.
Eigen::Index name_at(const PolarCases& cases, const PartNode& node) {
  return std::ranges::find(cases.names, node.name) - cases.names.begin();
}

}  // namespace

PolarLayer names_layer(const PolarCases& cases) {
  PolarLayer layer{"names",
                   Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(cases.rows), std::ssize(cases.names))};
  for (const ProbeCase& one : cases.cases)
    for (std::size_t node = 0; node < one.tree.nodes.size(); ++node)
      layer.vectors(static_cast<Eigen::Index>(one.first_row + node), name_at(cases, one.tree.nodes[node])) =
          1;
  return layer;
}

PolarLayer planted_layer(const PolarCases& cases, std::uint64_t seed) {
  const double own = std::sqrt(0.7), of_relation = std::sqrt(0.3);
  const Eigen::Index names = std::ssize(cases.names), units = names + Eigen::Index{relation_count};
  RandomStream random(seed, "planted trees");
  PolarLayer layer{"planted", Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(cases.rows), units)};
  for (const ProbeCase& one : cases.cases) {
    const auto row = [&](std::uint32_t node) {
      return layer.vectors.row(static_cast<Eigen::Index>(one.first_row + node));
    };
    // Heads before dependents: a node is settled once its head is, the root (no edge's dependent) at once.
    std::vector<std::uint8_t> settled(one.tree.nodes.size(), 1);
    for (const TreeEdge& edge : one.tree.edges) settled[edge.dependent] = 0;
    for (std::size_t left = one.tree.edges.size(); left > 0;)
      for (const TreeEdge& edge : one.tree.edges) {
        if (settled[edge.dependent] || !settled[edge.head]) continue;
        row(edge.dependent) = row(edge.head);
        row(edge.dependent)(name_at(cases, one.tree.nodes[edge.dependent])) += own;
        row(edge.dependent)(names + static_cast<Eigen::Index>(edge.relation)) += of_relation;
        settled[edge.dependent] = 1;
        --left;
      }
  }
  layer.vectors = layer.vectors * random_rotation(units, random);
  return layer;
}

PolarLayer noise_layer(const PolarCases& cases, int units, std::uint64_t seed) {
  RandomStream random(seed, "noise in the place of units");
  PolarLayer layer{"noise", Eigen::MatrixXd(static_cast<Eigen::Index>(cases.rows), units)};
  for (Eigen::Index r = 0; r < layer.vectors.rows(); ++r)
    for (Eigen::Index c = 0; c < units; ++c) layer.vectors(r, c) = random.normal();
  return layer;
}

std::vector<ProbeCase> shuffled_relations(std::vector<ProbeCase> cases, const CaseList& on,
                                          std::uint64_t seed) {
  std::vector<Relation> relations;
  for (const std::size_t c : on)
    for (const TreeEdge& edge : cases[c].tree.edges) relations.push_back(edge.relation);
  RandomStream(seed, "relations exchanged").shuffle(std::span(relations));
  auto next = relations.begin();
  for (const std::size_t c : on)
    for (TreeEdge& edge : cases[c].tree.edges) edge.relation = *next++;
  return cases;
}

std::vector<ProbeCase> relations_by_pair(std::vector<ProbeCase> cases, std::uint64_t seed) {
  std::map<NamePair, RelationCounts> counts;
  for (const ProbeCase& one : cases)
    for (const TreeEdge& edge : one.tree.edges)
      ++counts[names_of(one.tree, edge)][static_cast<std::size_t>(edge.relation)];
  std::vector<Relation> relations;
  for (const auto& [pair, of_pair] : counts) relations.push_back(most_frequent(of_pair));
  RandomStream(seed, "relations of pairs exchanged").shuffle(std::span(relations));
  std::map<NamePair, Relation> now;
  auto next = relations.begin();
  for (const auto& [pair, of_pair] : counts) now[pair] = *next++;
  for (ProbeCase& one : cases)
    for (TreeEdge& edge : one.tree.edges) edge.relation = now.at(names_of(one.tree, edge));
  return cases;
}

}  // namespace skein::experiments
