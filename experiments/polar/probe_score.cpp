// What predictions of trees are worth, and those that need no network.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "experiments/polar/probe.hpp"
#include "experiments/statistics/rank_correlation.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

using NodePair = std::pair<std::uint32_t, std::uint32_t>;  // positions in a tree

/// The edges of a minimum spanning tree (Prim 1957), as pairs of nodes; of equal distances the one that a random order of
/// the nodes has first.
std::vector<NodePair> spanning_tree(const std::vector<double>& distances, std::size_t n,
                                    RandomStream& random) {
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  random.shuffle(std::span(order));
  std::vector<std::uint32_t> inside{order.front()}, outside(order.begin() + 1, order.end());
  std::vector<NodePair> edges;
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

/// Per edge of the tree: whether the spanning tree has it.
std::vector<std::uint8_t> edges_found(const ProbeCase& one, const std::vector<double>& distances,
                                      RandomStream& random) {
  const auto found = spanning_tree(distances, one.tree.nodes.size(), random);
  std::vector<std::uint8_t> has;
  for (const TreeEdge& edge : one.tree.edges)
    has.push_back(std::ranges::any_of(found, [&](const NodePair& pair) {
      return pair == NodePair(edge.head, edge.dependent) || pair == NodePair(edge.dependent, edge.head);
    }));
  return has;
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

std::size_t sum_of(const RelationCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

/// What became of some edges.
struct EdgeCounts {
  RelationCounts right{}, members{};
  double edges = 0, found = 0, by_chance = 0;  // where there is more than one tree

  void add_type(Relation wanted, Relation said) {
    const auto type = static_cast<std::size_t>(wanted);
    ++members[type];
    right[type] += wanted == said;
  }
  void add_edge(bool is_found, std::size_t nodes) {
    ++edges;
    found += is_found;
    by_chance += 2.0 / static_cast<double>(nodes);
  }
  double type() const {
    return share(static_cast<double>(sum_of(right)), static_cast<double>(sum_of(members)));
  }
  double majority() const {
    return share(static_cast<double>(*std::ranges::max_element(members)),
                 static_cast<double>(sum_of(members)));
  }
};

}  // namespace

std::vector<CasePrediction> table_predictions(std::span<const ProbeCase> cases, const CaseList& known,
                                              const CaseList& on) {
  std::map<NamePair, std::pair<double, double>> distances;  // sum and count, the lower name first
  std::map<NamePair, RelationCounts> relations;             // head and dependent
  std::pair<double, double> any_distance{0, 0};
  RelationCounts any_relation{};
  for (const std::size_t c : known) {
    const auto& nodes = cases[c].tree.nodes;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      for (std::size_t j = i + 1; j < nodes.size(); ++j)
        for (auto* sums : {&distances[std::minmax(nodes[i].name, nodes[j].name)], &any_distance})
          sums->first += cases[c].distances[i * nodes.size() + j], ++sums->second;
    for (const TreeEdge& edge : cases[c].tree.edges) {
      const auto type = static_cast<std::size_t>(edge.relation);
      ++relations[names_of(cases[c].tree, edge)][type];
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
      const auto found = relations.find(names_of(cases[c].tree, edge));
      said.relations.push_back(most_frequent(found == relations.end() ? any_relation : found->second));
    }
    result.push_back(std::move(said));
  }
  return result;
}

ProbeScore score_of(std::span<const ProbeCase> cases, const CaseList& fitted, const CaseList& on,
                    const std::vector<CasePrediction>& predictions, std::uint64_t seed) {
  std::set<NamePair> tied;
  for (const std::size_t c : fitted)
    for (const TreeEdge& edge : cases[c].tree.edges) tied.insert(names_of(cases[c].tree, edge));
  EdgeCounts all, fresh;
  ProbeScore score;
  double correlation = 0;
  for (std::size_t k = 0; k < on.size(); ++k) {
    const ProbeCase& one = cases[on[k]];
    const bool judged = one.tree.nodes.size() >= 3;  // of two nodes there is one tree
    RandomStream random(seed, "equal distances", on[k]);
    const auto found = judged ? edges_found(one, predictions[k].distances, random)
                              : std::vector<std::uint8_t>(one.tree.edges.size(), 0);
    for (std::size_t e = 0; e < one.tree.edges.size(); ++e) {
      const bool is_new = !tied.contains(names_of(one.tree, one.tree.edges[e]));
      for (EdgeCounts* counts : {&all, &fresh})
        if (counts == &all || is_new) {
          counts->add_type(one.tree.edges[e].relation, predictions[k].relations[e]);
          if (judged) counts->add_edge(found[e] != 0, one.tree.nodes.size());
        }
    }
    if (!judged) continue;
    ++score.cases;
    const double r = distance_correlation(one, predictions[k].distances);
    correlation += std::isfinite(r) ? r : 0;  // distances that are all the same say nothing of a tree
  }
  score.edges = static_cast<std::size_t>(all.edges);
  score.tree = share(all.found, all.edges);
  score.tree_chance = share(all.by_chance, all.edges);
  score.distance = share(correlation, static_cast<double>(score.cases));
  score.type = all.type();
  score.type_majority = all.majority();
  double balanced = 0, relations = 0;
  for (std::size_t t = 0; t < relation_count; ++t)
    if (all.members[t] > 0)
      balanced += static_cast<double>(all.right[t]) / static_cast<double>(all.members[t]), ++relations;
  score.type_balanced = share(balanced, relations);
  score.type_chance = share(1, relations);
  score.new_edges = sum_of(fresh.members);
  score.tree_new = share(fresh.found, fresh.edges);
  score.tree_new_chance = share(fresh.by_chance, fresh.edges);
  score.type_new = fresh.type();
  score.type_new_majority = fresh.majority();
  return score;
}

}  // namespace skein::experiments
