#include "neat/genome/gene_order.hpp"

#include <algorithm>

namespace skein::neat {

namespace {

std::ptrdiff_t fixed_nodes(const Genome& genome) {
  return static_cast<std::ptrdiff_t>(genome.signature.inputs.size() + genome.signature.outputs.size());
}

}  // namespace

Genome in_gene_order(Genome genome) {
  std::sort(genome.nodes.begin() + fixed_nodes(genome), genome.nodes.end(),
            [](const Node& a, const Node& b) { return older(a.id, b.id); });
  std::ranges::sort(genome.links, older, &Link::id);
  return genome;
}

void insert_gene(Genome& genome, const Link& link) {
  genome.links.insert(std::ranges::upper_bound(genome.links, link.id, older, &Link::id), link);
}

void insert_gene(Genome& genome, const Node& node) {
  const auto place = std::upper_bound(genome.nodes.begin() + fixed_nodes(genome), genome.nodes.end(), node,
                                      [](const Node& a, const Node& b) { return older(a.id, b.id); });
  genome.nodes.insert(place, node);
}

std::size_t hidden_count(const Genome& genome) {
  return static_cast<std::size_t>(std::ranges::count(genome.nodes, NodeRole::hidden, &Node::role));
}

std::size_t enabled_count(const Genome& genome) {
  return static_cast<std::size_t>(std::ranges::count(genome.links, true, &Link::enabled));
}

}  // namespace skein::neat
