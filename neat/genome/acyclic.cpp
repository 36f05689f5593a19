#include "neat/genome/acyclic.hpp"

#include <algorithm>

#include "lib/base/error.hpp"
#include "lib/graph/order.hpp"

namespace skein::neat {

std::vector<std::pair<std::size_t, std::size_t>> link_ends(const Genome& genome) {
  std::vector<std::pair<Marking, std::size_t>> places;
  places.reserve(genome.nodes.size());
  for (std::size_t i = 0; i < genome.nodes.size(); ++i) places.emplace_back(genome.nodes[i].id, i);
  std::ranges::sort(places);
  const auto place = [&](const Link& link, Marking id) {
    const auto found = std::ranges::lower_bound(places, id, {}, &std::pair<Marking, std::size_t>::first);
    if (found == places.end() || found->first != id)
      throw ConfigError("link " + text(link.id) + " has an end at node " + text(id) +
                        ", which the genome has not");
    return found->second;
  };
  std::vector<std::pair<std::size_t, std::size_t>> ends;
  ends.reserve(genome.links.size());
  for (const Link& link : genome.links) ends.emplace_back(place(link, link.source), place(link, link.target));
  return ends;
}

namespace {

DirectedGraph graph_of(const Genome& genome, std::span<const std::pair<std::size_t, std::size_t>> ends,
                       bool enabled_only) {
  DirectedGraph graph{genome.nodes.size(), {}};
  for (std::size_t l = 0; l < ends.size(); ++l)
    if (genome.links[l].enabled || !enabled_only)
      graph.edges.emplace_back(static_cast<std::uint32_t>(ends[l].first),
                               static_cast<std::uint32_t>(ends[l].second));
  return graph;
}

}  // namespace

std::vector<std::size_t> topological_order(const Genome& genome, bool enabled_only) {
  return topological_order(genome, link_ends(genome), enabled_only);
}

std::vector<std::size_t> topological_order(const Genome& genome,
                                           std::span<const std::pair<std::size_t, std::size_t>> ends,
                                           bool enabled_only) {
  const DirectedGraph graph = graph_of(genome, ends, enabled_only);
  const auto order = skein::topological_order(graph);
  if (!order)
    throw ConfigError("the genome has a cycle through node " + text(genome.nodes[*node_on_cycle(graph)].id) +
                      "; allowed: feed-forward genomes");
  return {order->begin(), order->end()};
}

AllPairsReachability reachability_of(const Genome& genome) {
  const auto ends = link_ends(genome);
  topological_order(genome, ends, false);  // names the node on a cycle
  return AllPairsReachability(graph_of(genome, ends, false));
}

bool closes_cycle(const Genome& genome, Marking source, Marking target) {
  // A genome in the making may not have all its nodes yet: nodes are the markings that links name.
  std::vector<Marking> nodes{source, target};
  for (const Link& link : genome.links) nodes.insert(nodes.end(), {link.source, link.target});
  std::ranges::sort(nodes);
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  const auto node = [&](Marking id) {
    return static_cast<std::uint32_t>(std::ranges::lower_bound(nodes, id) - nodes.begin());
  };
  DirectedGraph graph{nodes.size(), {}};
  for (const Link& link : genome.links) graph.edges.emplace_back(node(link.source), node(link.target));
  return reached_from(graph, std::vector{node(target)})[node(source)] != 0;
}

}  // namespace skein::neat
