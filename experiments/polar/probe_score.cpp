// What predictions of trees are worth, and those that need no network.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "experiments/polar/probe.hpp"
#include "experiments/statistics/rank_correlation.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

using Counts = std::array<std::size_t, relation_count>;
using NamePair = std::pair<std::uint32_t, std::uint32_t>;

Relation most_frequent(const Counts& counts) {
  return static_cast<Relation>(std::ranges::max_element(counts) - counts.begin());
}

/// The edges of a minimum spanning tree (Prim 1957), as pairs of nodes; of equal distances the one that a random order of
/// the nodes has first.
std::vector<NamePair> spanning_tree(const std::vector<double>& distances, std::size_t n,
                                    RandomStream& random) {
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  random.shuffle(std::span(order));
  std::vector<std::uint32_t> inside{order.front()}, outside(order.begin() + 1, order.end());
  std::vector<NamePair> edges;
  while (!outside.empty()) {
    double least = std::numeric_limits<double>::infinity();
    std::size_t from = 0, to = 0;
    for (std::size_t i = 0; i < inside.size(); ++i)
      for (std::size_t j = 0; j < outside.size(); ++j)
        if (const double away = distances[inside[i] * n + outside[j]]; away < least)
          least = away, from = i, to = j;
    edges.emplace_back(inside[from], outside[to]);
    inside.push_back(outside[to]);
    outside.erase(outside.begin() + static_cast<std::ptrdiff_t>(to));
  }
  return edges;
}

/// Tree edges that the spanning tree has.
std::size_t edges_found(const ProbeCase& one, const std::vector<double>& distances, RandomStream& random) {
  const auto found = spanning_tree(distances, one.tree.nodes.size(), random);
  return static_cast<std::size_t>(std::ranges::count_if(one.tree.edges, [&](const TreeEdge& edge) {
    return std::ranges::any_of(found, [&](const NamePair& pair) {
      return pair == NamePair(edge.head, edge.dependent) || pair == NamePair(edge.dependent, edge.head);
    });
  }));
}

/// Rank correlation over the pairs of one case; NaN where the tree's distances are all one or the predicted ones are.
double distance_correlation(const ProbeCase& one, const std::vector<double>& distances) {
  const std::size_t n = one.tree.nodes.size();
  std::vector<double> wanted, said;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) {
      wanted.push_back(one.distances[i * n + j]);
      said.push_back(distances[i * n + j]);
    }
  return rank_correlation(wanted, said);
}

double share(double part, double whole) {
  return whole > 0 ? part / whole : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::vector<CasePrediction> table_predictions(std::span<const ProbeCase> cases, const CaseList& known,
                                              const CaseList& on) {
  std::map<NamePair, std::pair<double, double>> distances;  // sum and count, the lower name first
  std::map<NamePair, Counts> relations;                     // head and dependent
  std::pair<double, double> any_distance{0, 0};
  Counts any_relation{};
  for (const std::size_t c : known) {
    const auto& nodes = cases[c].tree.nodes;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      for (std::size_t j = i + 1; j < nodes.size(); ++j)
        for (auto* sums : {&distances[std::minmax(nodes[i].name, nodes[j].name)], &any_distance})
          sums->first += cases[c].distances[i * nodes.size() + j], ++sums->second;
    for (const TreeEdge& edge : cases[c].tree.edges) {
      const auto type = static_cast<std::size_t>(edge.relation);
      ++relations[{nodes[edge.head].name, nodes[edge.dependent].name}][type];
      ++any_relation[type];
    }
  }
  std::vector<CasePrediction> result;
  for (const std::size_t c : on) {
    const auto& nodes = cases[c].tree.nodes;
    const std::size_t n = nodes.size();
    CasePrediction said{std::vector<double>(n * n, 0.0), {}};
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        if (i == j) continue;
        const auto found = distances.find(std::minmax(nodes[i].name, nodes[j].name));
        const auto& [sum, count] = found == distances.end() ? any_distance : found->second;
        said.distances[i * n + j] = count > 0 ? sum / count : 1;
      }
    for (const TreeEdge& edge : cases[c].tree.edges) {
      const auto found = relations.find({nodes[edge.head].name, nodes[edge.dependent].name});
      said.relations.push_back(most_frequent(found == relations.end() ? any_relation : found->second));
    }
    result.push_back(std::move(said));
  }
  return result;
}

ProbeScore score_of(std::span<const ProbeCase> cases, const CaseList& on,
                    const std::vector<CasePrediction>& predictions, std::uint64_t seed) {
  ProbeScore score;
  Counts right{}, all{};
  double found = 0, by_chance = 0, correlation = 0, correlated = 0;
  for (std::size_t k = 0; k < on.size(); ++k) {
    const ProbeCase& one = cases[on[k]];
    for (std::size_t e = 0; e < one.tree.edges.size(); ++e) {
      const auto type = static_cast<std::size_t>(one.tree.edges[e].relation);
      ++all[type];
      right[type] += predictions[k].relations[e] == one.tree.edges[e].relation;
    }
    if (one.tree.nodes.size() < 3) continue;  // of two nodes there is one tree
    RandomStream random(seed, "equal distances", on[k]);
    ++score.cases;
    score.edges += one.tree.edges.size();
    found += static_cast<double>(edges_found(one, predictions[k].distances, random));
    by_chance +=
        2.0 * static_cast<double>(one.tree.edges.size()) / static_cast<double>(one.tree.nodes.size());
    const double r = distance_correlation(one, predictions[k].distances);
    // Distances that are all the same say nothing of a tree.
    correlation += std::isfinite(r) ? r : 0;
    ++correlated;
  }
  score.tree = share(found, static_cast<double>(score.edges));
  score.tree_chance = share(by_chance, static_cast<double>(score.edges));
  score.distance = share(correlation, correlated);
  const auto sum = [](const Counts& counts) {
    return static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
  };
  score.type = share(sum(right), sum(all));
  score.type_majority = share(static_cast<double>(*std::ranges::max_element(all)), sum(all));
  double balanced = 0, relations = 0;
  for (std::size_t t = 0; t < relation_count; ++t)
    if (all[t] > 0)
      balanced += share(static_cast<double>(right[t]), static_cast<double>(all[t])), ++relations;
  score.type_balanced = share(balanced, relations);
  score.type_chance = share(1, relations);
  return score;
}

}  // namespace skein::experiments
