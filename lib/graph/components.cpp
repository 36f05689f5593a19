#include "lib/graph/components.hpp"

#include <boost/pending/disjoint_sets.hpp>
#include <limits>
#include <string>

#include "lib/base/error.hpp"

namespace skein {

std::vector<std::uint32_t> connected_components(const DirectedGraph& graph) {
  std::vector<std::uint32_t> rank(graph.nodes), parent(graph.nodes);
  boost::disjoint_sets<std::uint32_t*, std::uint32_t*> sets(rank.data(), parent.data());
  for (std::uint32_t node = 0; node < graph.nodes; ++node) sets.make_set(node);
  for (const auto& [source, target] : graph.edges) {
    if (source >= graph.nodes || target >= graph.nodes)
      throw ConfigError("graph: an edge from node " + std::to_string(source) + " to " +
                        std::to_string(target) + " of " + std::to_string(graph.nodes));
    sets.union_set(source, target);
  }
  constexpr std::uint32_t unnumbered = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> number(graph.nodes, unnumbered), component(graph.nodes);
  std::uint32_t count = 0;
  for (std::uint32_t node = 0; node < graph.nodes; ++node) {
    std::uint32_t& of_set = number[sets.find_set(node)];
    if (of_set == unnumbered) of_set = count++;
    component[node] = of_set;
  }
  return component;
}

}  // namespace skein
