#include "lib/graph/graph_measures.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <set>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/graph/order.hpp"
#include "lib/graph/reachability.hpp"

namespace skein {

namespace {

/// Paths from the inputs, counted with a running scale so that no count overflows.
struct Paths {
  double log10_count = -std::numeric_limits<double>::infinity();
  double mean_length = 0;
};

double log10_sum(double a, double b) {
  const double high = std::max(a, b), low = std::min(a, b);
  if (std::isinf(high)) return high;
  return high + std::log10(1 + std::pow(10.0, low - high));
}

/// Number and mean length of the paths that end in each value, over arrows sorted by target.
Paths paths(const std::vector<Arrow>& arrows, std::size_t values, std::size_t inputs,
            const std::set<std::uint32_t>& outputs) {
  std::vector<Paths> to(values);
  for (std::size_t i = 0; i < inputs; ++i) to[i].log10_count = 0;
  const auto join = [](Paths& into, double log10_count, double mean_length) {
    if (std::isinf(log10_count)) return;
    const double sum = log10_sum(into.log10_count, log10_count);
    into.mean_length = into.mean_length * std::pow(10.0, into.log10_count - sum) +
                       mean_length * std::pow(10.0, log10_count - sum);
    into.log10_count = sum;
  };
  for (const auto& [source, target] : arrows)
    join(to[target], to[source].log10_count, to[source].mean_length + 1);
  Paths all;
  for (const std::uint32_t output : outputs) join(all, to[output].log10_count, to[output].mean_length);
  return all;
}

double best_modularity(const std::vector<Arrow>& arrows, std::size_t values, std::uint64_t seed, int* count) {
  WeightedGraph graph{static_cast<int>(values), {}};
  for (const auto& [source, target] : arrows)
    graph.edges.push_back({static_cast<int>(source), static_cast<int>(target), 1});
  const Communities found = find_communities(graph, {1, 8, seed});
  if (count != nullptr) {
    std::set<int> used;
    for (const auto& [source, target] : arrows) {
      used.insert(found.of[source]);
      used.insert(found.of[target]);
    }
    *count = static_cast<int>(used.size());
  }
  return found.modularity;
}

}  // namespace

std::vector<Arrow> shuffle_arrows(const std::vector<Arrow>& arrows, const std::vector<int>& layer,
                                  std::uint64_t seed, int attempts) {
  std::vector<Arrow> result = arrows;
  if (arrows.size() < 2) return result;
  std::set<Arrow> present(arrows.begin(), arrows.end());
  RandomStream random(seed, "shuffle arrows");
  const auto count = static_cast<std::uint32_t>(arrows.size());
  for (std::uint64_t attempt = 0; attempt < static_cast<std::uint64_t>(attempts) * count; ++attempt) {
    Arrow& one = result[random.below(count)];
    Arrow& other = result[random.below(count)];
    const Arrow crossed{one.first, other.second}, back{other.first, one.second};
    if (one.first == other.first || one.second == other.second ||
        layer[crossed.first] >= layer[crossed.second] || layer[back.first] >= layer[back.second] ||
        present.contains(crossed) || present.contains(back))
      continue;
    present.erase(one);
    present.erase(other);
    present.insert(crossed);
    present.insert(back);
    one = crossed;
    other = back;
  }
  std::ranges::sort(result, {}, [](const Arrow& a) { return std::pair(a.second, a.first); });
  return result;
}

std::optional<std::vector<int>> longest_path_layers(const DirectedGraph& graph, std::size_t inputs) {
  // One node more leads to the units without sources, so that they too lie one above something.
  DirectedGraph rooted = graph;
  const auto root = static_cast<std::uint32_t>(rooted.nodes++);
  std::vector<std::uint8_t> fed(graph.nodes, 0);
  for (const auto& [source, target] : graph.edges) fed[target] = 1;
  for (std::size_t unit = inputs; unit < graph.nodes; ++unit)
    if (fed[unit] == 0) rooted.edges.emplace_back(root, static_cast<std::uint32_t>(unit));
  auto layers = longest_paths(rooted);
  if (layers) layers->pop_back();
  return layers;
}

Structure structure_of(const DirectedGraph& graph, std::size_t inputs, std::span<const std::uint32_t> outputs,
                       const StructureSettings& settings) {
  // Step 1. What is alive.
  const std::size_t nodes = graph.nodes;
  for (const auto& [source, target] : graph.edges)
    if (source >= target)
      throw ConfigError("graph: an edge runs back from node " + std::to_string(source) + " to " +
                        std::to_string(target));
  std::vector<std::uint32_t> sources(inputs);
  std::iota(sources.begin(), sources.end(), std::uint32_t{0});
  const auto alive = on_a_path(graph, sources, outputs);
  DirectedGraph living{nodes, {}};
  std::ranges::copy_if(graph.edges, std::back_inserter(living.edges), [&](const Arrow& arrow) {
    return alive[arrow.first] != 0 && alive[arrow.second] != 0;
  });
  const std::vector<Arrow>& arrows = living.edges;
  // Step 2. Degrees and depth.
  Structure result;
  result.units = static_cast<int>(nodes - inputs);
  result.edges_alive = static_cast<int>(arrows.size());
  std::vector<int> fan_in(nodes, 0), fan_out(nodes, 0);
  for (const auto& [source, target] : arrows) {
    ++fan_out[source];
    ++fan_in[target];
  }
  const auto longest_in_use = longest_paths(living).value();  // its edges run upward
  for (const int longest : longest_in_use) result.depth_used = std::max(result.depth_used, longest);
  int reused = 0, read = 0;
  for (std::size_t v = 0; v < nodes; ++v) {
    if (fan_out[v] > 0) ++read;
    result.greatest_fan_out = std::max(result.greatest_fan_out, fan_out[v]);
    if (v < inputs) {
      result.inputs_used += fan_out[v] > 0 ? 1 : 0;
      continue;
    }
    if (alive[v] == 0) continue;
    ++result.units_alive;
    reused += fan_out[v] > 1 ? 1 : 0;
    result.greatest_fan_in = std::max(result.greatest_fan_in, fan_in[v]);
  }
  if (result.units_alive > 0) {
    result.mean_fan_in = static_cast<double>(arrows.size()) / result.units_alive;
    result.reuse = static_cast<double>(reused) / result.units_alive;
  }
  if (read > 0) result.mean_fan_out = static_cast<double>(arrows.size()) / read;
  // Step 3. Paths and communities.
  const Paths all = paths(arrows, nodes, inputs, {outputs.begin(), outputs.end()});
  result.log10_paths = all.log10_count;
  result.mean_path = all.mean_length;
  const double found = best_modularity(arrows, nodes, settings.seed, &result.communities);
  std::vector<double> null;
  const auto layer = longest_path_layers(graph, inputs).value();
  for (int s = 0; s < settings.null_samples; ++s)
    null.push_back(
        best_modularity(shuffle_arrows(arrows, layer, settings.seed + static_cast<std::uint64_t>(s)), nodes,
                        settings.seed, nullptr));
  result.modularity = against_null(found, null);
  return result;
}

std::vector<std::pair<std::string, double>> named(const Structure& s) {
  return {{"units", s.units},
          {"units_alive", s.units_alive},
          {"edges_alive", s.edges_alive},
          {"inputs_used", s.inputs_used},
          {"depth_used", s.depth_used},
          {"mean_path", s.mean_path},
          {"log10_paths", s.log10_paths},
          {"mean_fan_in", s.mean_fan_in},
          {"greatest_fan_in", s.greatest_fan_in},
          {"mean_fan_out", s.mean_fan_out},
          {"greatest_fan_out", s.greatest_fan_out},
          {"reuse", s.reuse},
          {"communities", s.communities},
          {"modularity", s.modularity.value},
          {"modularity_null_mean", s.modularity.null_mean},
          {"modularity_null_sd", s.modularity.null_sd},
          {"modularity_z", s.modularity.z()}};
}

}  // namespace skein
