#include "lib/network/network_graph.hpp"

#include <algorithm>

#include "lib/graph/reachability.hpp"

namespace skein {

std::vector<Arrow> arrows_of(const Network& network) {
  std::vector<Arrow> arrows;
  for (int u = 0; u < network.unit_count(); ++u)
    for (const Edge& edge : network.edges_of(u))
      arrows.emplace_back(edge.source, static_cast<ValueIndex>(network.input_count() + u));
  std::ranges::sort(arrows, {}, [](const Arrow& a) { return std::pair(a.second, a.first); });
  arrows.erase(std::unique(arrows.begin(), arrows.end()), arrows.end());
  return arrows;
}

DirectedGraph graph_of(const Network& network) {
  return {static_cast<std::size_t>(network.value_count()), arrows_of(network)};
}

std::vector<int> longest_path_layers(const Network& network) {
  return longest_path_layers(graph_of(network), static_cast<std::size_t>(network.input_count())).value();
}

std::vector<std::uint8_t> reaching_outputs(const Network& network) {
  return reaching(graph_of(network), network.outputs());
}

Structure structure_of(const Network& network, const StructureSettings& settings) {
  return structure_of(graph_of(network), static_cast<std::size_t>(network.input_count()), network.outputs(),
                      settings);
}

}  // namespace skein
