#include "lib/graph/communities.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein {

namespace {

/// Adjacency in rows, symmetric; a loop of weight w appears once, as 2w.
struct Adjacency {
  std::vector<std::size_t> first{0};
  std::vector<int> neighbour;
  std::vector<double> weight;
  std::vector<double> strength;  ///< row sums
  double total = 0;              ///< twice the weight of the graph

  int nodes() const { return static_cast<int>(strength.size()); }
};

/// Entries (row, column, weight) in any order to rows; equal places add up in a fixed order.
struct Entry {
  int row, column;
  double weight;
};

Adjacency adjacency_of(int nodes, std::vector<Entry> entries) {
  std::ranges::stable_sort(entries, {}, [](const Entry& e) { return std::pair(e.row, e.column); });
  Adjacency result;
  result.strength.assign(static_cast<std::size_t>(nodes), 0.0);
  std::size_t next = 0;
  for (int row = 0; row < nodes; ++row) {
    for (; next < entries.size() && entries[next].row == row; ++next) {
      const bool repeated =
          result.neighbour.size() > result.first.back() && result.neighbour.back() == entries[next].column;
      if (repeated) {
        result.weight.back() += entries[next].weight;
      } else {
        result.neighbour.push_back(entries[next].column);
        result.weight.push_back(entries[next].weight);
      }
      result.strength[static_cast<std::size_t>(row)] += entries[next].weight;
    }
    result.first.push_back(result.neighbour.size());
  }
  for (const double s : result.strength) result.total += s;
  return result;
}

Adjacency adjacency_of(const WeightedGraph& graph) {
  std::vector<Entry> entries;
  entries.reserve(2 * graph.edges.size());
  for (const WeightedEdge& edge : graph.edges) {
    if (edge.weight == 0) continue;
    entries.push_back({edge.a, edge.b, edge.weight});
    entries.push_back({edge.b, edge.a, edge.weight});
  }
  return adjacency_of(graph.nodes, std::move(entries));
}

/// Moves single nodes to the community of greatest gain until none moves. Returns whether any did.
bool move_nodes(const Adjacency& graph, double resolution, std::vector<int>& community,
                RandomStream& random) {
  const auto nodes = static_cast<std::size_t>(graph.nodes());
  std::vector<double> strength_of(nodes, 0.0), weight_to(nodes, 0.0);
  for (std::size_t n = 0; n < nodes; ++n)
    strength_of[static_cast<std::size_t>(community[n])] += graph.strength[n];
  std::vector<int> order(nodes), touched;
  std::iota(order.begin(), order.end(), 0);
  random.shuffle(std::span(order));
  constexpr double least_gain = 1e-12;
  constexpr int most_passes = 100;
  bool any = false;
  for (int pass = 0; pass < most_passes; ++pass) {
    bool moved = false;
    for (const int node : order) {
      const auto n = static_cast<std::size_t>(node);
      const int home = community[n];
      touched.clear();
      for (std::size_t e = graph.first[n]; e < graph.first[n + 1]; ++e) {
        if (graph.neighbour[e] == node) continue;
        const int there = community[static_cast<std::size_t>(graph.neighbour[e])];
        if (weight_to[static_cast<std::size_t>(there)] == 0) touched.push_back(there);
        weight_to[static_cast<std::size_t>(there)] += graph.weight[e];
      }
      strength_of[static_cast<std::size_t>(home)] -= graph.strength[n];
      const auto gain = [&](int c) {
        return weight_to[static_cast<std::size_t>(c)] -
               resolution * graph.strength[n] * strength_of[static_cast<std::size_t>(c)] / graph.total;
      };
      int best = home;
      double best_gain = gain(home) + least_gain * graph.total;
      for (const int c : touched)
        if (const double g = gain(c); g > best_gain || (g == best_gain && c < best)) {
          best = c;
          best_gain = g;
        }
      strength_of[static_cast<std::size_t>(best)] += graph.strength[n];
      community[n] = best;
      moved = moved || best != home;
      for (const int c : touched) weight_to[static_cast<std::size_t>(c)] = 0;
    }
    if (!moved) break;
    any = true;
  }
  return any;
}

/// Numbers communities by their first node; returns how many there are.
int renumber(std::vector<int>& community) {
  std::vector<int> number(community.size(), -1);
  int count = 0;
  for (int& c : community) {
    int& known = number[static_cast<std::size_t>(c)];
    if (known < 0) known = count++;
    c = known;
  }
  return count;
}

/// The graph whose nodes are the communities.
Adjacency aggregated(const Adjacency& graph, const std::vector<int>& community, int count) {
  std::vector<Entry> entries;
  entries.reserve(graph.neighbour.size());
  for (std::size_t n = 0; n < community.size(); ++n)
    for (std::size_t e = graph.first[n]; e < graph.first[n + 1]; ++e)
      entries.push_back(
          {community[n], community[static_cast<std::size_t>(graph.neighbour[e])], graph.weight[e]});
  return adjacency_of(count, std::move(entries));
}

/// Splits communities that are not connected.
void split_unconnected(const Adjacency& graph, std::vector<int>& community) {
  std::vector<int> part(community.size(), -1), stack;
  int count = 0;
  for (std::size_t start = 0; start < community.size(); ++start) {
    if (part[start] >= 0) continue;
    part[start] = count;
    stack.assign(1, static_cast<int>(start));
    while (!stack.empty()) {
      const auto n = static_cast<std::size_t>(stack.back());
      stack.pop_back();
      for (std::size_t e = graph.first[n]; e < graph.first[n + 1]; ++e) {
        const auto m = static_cast<std::size_t>(graph.neighbour[e]);
        if (part[m] >= 0 || community[m] != community[n]) continue;
        part[m] = count;
        stack.push_back(static_cast<int>(m));
      }
    }
    ++count;
  }
  community = std::move(part);
}

double modularity(const Adjacency& graph, std::span<const int> community, double resolution) {
  if (graph.total <= 0) return 0;
  std::vector<double> strength(community.size(), 0.0);
  double inside = 0;
  for (std::size_t n = 0; n < community.size(); ++n) {
    strength[static_cast<std::size_t>(community[n])] += graph.strength[n];
    for (std::size_t e = graph.first[n]; e < graph.first[n + 1]; ++e)
      if (community[static_cast<std::size_t>(graph.neighbour[e])] == community[n]) inside += graph.weight[e];
  }
  double expected = 0;
  for (const double s : strength) expected += s * s;
  return inside / graph.total - resolution * expected / (graph.total * graph.total);
}

/// One run: levels of moving and aggregating, then single nodes once more.
std::vector<int> louvain(const Adjacency& graph, double resolution, RandomStream& random) {
  std::vector<int> community(static_cast<std::size_t>(graph.nodes()));
  std::iota(community.begin(), community.end(), 0);
  Adjacency level = graph;
  while (true) {
    std::vector<int> coarse(static_cast<std::size_t>(level.nodes()));
    std::iota(coarse.begin(), coarse.end(), 0);
    if (!move_nodes(level, resolution, coarse, random)) break;
    const int count = renumber(coarse);
    for (int& c : community) c = coarse[static_cast<std::size_t>(c)];
    if (count == level.nodes()) break;
    level = aggregated(level, coarse, count);
  }
  move_nodes(graph, resolution, community, random);
  split_unconnected(graph, community);
  renumber(community);
  return community;
}

}  // namespace

void validate(const WeightedGraph& graph) {
  for (const WeightedEdge& edge : graph.edges) {
    if (edge.a < 0 || edge.b < 0 || edge.a >= graph.nodes || edge.b >= graph.nodes)
      throw ConfigError("graph: an edge between nodes " + std::to_string(edge.a) + " and " +
                        std::to_string(edge.b) + " of " + std::to_string(graph.nodes));
    if (!(edge.weight >= 0) || !std::isfinite(edge.weight))
      throw ConfigError("graph: an edge of weight " + std::to_string(edge.weight) +
                        "; weights are finite and not negative");
  }
}

double modularity(const WeightedGraph& graph, std::span<const int> community, double resolution) {
  validate(graph);
  if (std::ssize(community) != graph.nodes) throw ConfigError("graph: one community per node is needed");
  for (const int c : community)
    if (c < 0 || c >= graph.nodes) throw ConfigError("graph: a community is numbered " + std::to_string(c));
  return modularity(adjacency_of(graph), community, resolution);
}

Communities find_communities(const WeightedGraph& graph, const CommunitySettings& settings) {
  validate(graph);
  const Adjacency adjacency = adjacency_of(graph);
  Communities best;
  best.of.resize(static_cast<std::size_t>(graph.nodes));
  std::iota(best.of.begin(), best.of.end(), 0);
  best.modularity = modularity(adjacency, best.of, settings.resolution);
  if (adjacency.total > 0)
    for (int start = 0; start < std::max(1, settings.starts); ++start) {
      RandomStream random(settings.seed, "communities", static_cast<std::uint64_t>(start));
      std::vector<int> found = louvain(adjacency, settings.resolution, random);
      const double value = modularity(adjacency, found, settings.resolution);
      if (value > best.modularity) {
        best.of = std::move(found);
        best.modularity = value;
      }
    }
  best.count = renumber(best.of);
  return best;
}

AgainstNull against_null(double value, std::span<const double> null) {
  AgainstNull result{value, 0, 0, static_cast<int>(null.size())};
  if (null.empty()) return result;
  for (const double x : null) result.null_mean += x;
  result.null_mean /= static_cast<double>(null.size());
  if (null.size() > 1) {
    double squares = 0;
    for (const double x : null) squares += (x - result.null_mean) * (x - result.null_mean);
    result.null_sd = std::sqrt(squares / static_cast<double>(null.size() - 1));
    constexpr double rounding = 1e-12;
    if (result.null_sd < rounding * std::abs(result.null_mean)) result.null_sd = 0;
  }
  return result;
}

AgainstNull modularity_against_shuffled_weights(const WeightedGraph& graph, int samples,
                                                const CommunitySettings& settings) {
  const double value = find_communities(graph, settings).modularity;
  std::vector<double> null;
  for (int sample = 0; sample < samples; ++sample) {
    RandomStream random(settings.seed, "shuffled weights", static_cast<std::uint64_t>(sample));
    std::vector<double> weights;
    for (const WeightedEdge& edge : graph.edges) weights.push_back(edge.weight);
    random.shuffle(std::span(weights));
    WeightedGraph shuffled = graph;
    for (std::size_t e = 0; e < weights.size(); ++e) shuffled.edges[e].weight = weights[e];
    null.push_back(find_communities(shuffled, settings).modularity);
  }
  return against_null(value, null);
}

}  // namespace skein
