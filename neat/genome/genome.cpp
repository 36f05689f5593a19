#include "neat/genome/genome.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "lib/base/error.hpp"
#include "lib/graph/graph_measures.hpp"
#include "lib/graph/order.hpp"

namespace skein::neat {

namespace {

using Index = std::uint32_t;

/// Markings in order, each with its place in the genome.
using MarkingIndex = std::vector<std::pair<Marking, Index>>;

template <class Gene>
MarkingIndex index_by_marking(const std::vector<Gene>& genes, const char* what) {
  MarkingIndex index;
  index.reserve(genes.size());
  for (Index i = 0; i < genes.size(); ++i) index.emplace_back(genes[i].id, i);
  std::sort(index.begin(), index.end());
  const auto twice = std::adjacent_find(index.begin(), index.end(),
                                        [](const auto& a, const auto& b) { return a.first == b.first; });
  if (twice != index.end())
    throw ConfigError(std::string("genome: two ") + what + "s are marked " + text(twice->first) +
                      "; a marking belongs to one " + what);
  return index;
}

std::optional<Index> look_up(const MarkingIndex& index, Marking id) {
  const auto found = std::lower_bound(index.begin(), index.end(), std::pair(id, Index{0}));
  if (found == index.end() || found->first != id) return std::nullopt;
  return found->second;
}

/// The genome as a graph over places in `nodes`, checked.
struct Graph {
  std::vector<Index> source, target;  ///< one per link
  std::vector<std::int32_t> layer;    ///< one per node
};

void check_roles(const Genome& genome) {
  const std::size_t inputs = genome.signature.inputs.size(), outputs = genome.signature.outputs.size();
  if (outputs == 0) throw ConfigError("genome: its signature names no output; at least one is needed");
  if (genome.nodes.size() < inputs + outputs)
    throw ConfigError("genome: " + std::to_string(genome.nodes.size()) + " nodes for " +
                      std::to_string(inputs) + " inputs and " + std::to_string(outputs) + " outputs");
  for (std::size_t i = 0; i < genome.nodes.size(); ++i) {
    const NodeRole wanted = i < inputs             ? NodeRole::input
                            : i < inputs + outputs ? NodeRole::output
                                                   : NodeRole::hidden;
    if (genome.nodes[i].role != wanted)
      throw ConfigError("genome: node " + text(genome.nodes[i].id) + " at place " + std::to_string(i) +
                        " has the wrong role; inputs come first, then outputs, then hidden nodes");
  }
}

void connect(const Genome& genome, Graph& graph) {
  const MarkingIndex nodes = index_by_marking(genome.nodes, "node");
  index_by_marking(genome.links, "link");
  graph.source.reserve(genome.links.size());
  graph.target.reserve(genome.links.size());
  for (const Link& link : genome.links) {
    const auto source = look_up(nodes, link.source), target = look_up(nodes, link.target);
    if (!source || !target)
      throw ConfigError("genome: link " + text(link.id) + (source ? " ends in" : " starts from") + " node " +
                        text(source ? link.target : link.source) + ", which does not exist");
    if (*target < genome.signature.inputs.size())
      throw ConfigError("genome: link " + text(link.id) + " enters the input '" +
                        genome.signature.inputs[*target] + "'; inputs take no links");
    if (!(std::abs(link.weight) <= static_cast<double>(std::numeric_limits<float>::max())))
      throw ConfigError("genome: link " + text(link.id) + " has the weight " + std::to_string(link.weight) +
                        "; weights are finite single-precision numbers");
    graph.source.push_back(*source);
    graph.target.push_back(*target);
  }
}

/// Layers as longest paths give them; throws when enabled links form a cycle.
void find_layers(const Genome& genome, Graph& graph) {
  DirectedGraph enabled{genome.nodes.size(), {}};
  enabled.edges.reserve(genome.links.size());
  for (std::size_t l = 0; l < genome.links.size(); ++l)
    if (genome.links[l].enabled) enabled.edges.emplace_back(graph.source[l], graph.target[l]);
  const auto layers = longest_path_layers(enabled, genome.signature.inputs.size());
  if (!layers)
    throw ConfigError("genome: node " + text(genome.nodes[*node_on_cycle(enabled)].id) +
                      " lies on a cycle of enabled links; only feed-forward genomes can be drawn");
  graph.layer = *layers;
}

Graph checked_graph(const Genome& genome) {
  check_roles(genome);
  Graph graph;
  connect(genome, graph);
  find_layers(genome, graph);
  return graph;
}

/// The nodes other than inputs, by (layer, marking).
std::vector<Index> unit_order(const Genome& genome, const Graph& graph) {
  std::vector<Index> order;
  order.reserve(genome.nodes.size());
  for (auto n = static_cast<Index>(genome.signature.inputs.size()); n < genome.nodes.size(); ++n)
    order.push_back(n);
  std::sort(order.begin(), order.end(), [&](Index a, Index b) {
    return std::pair(graph.layer[a], genome.nodes[a].id) < std::pair(graph.layer[b], genome.nodes[b].id);
  });
  return order;
}

struct Incoming {
  Index unit;
  ValueIndex source;
  Marking link;
  Slot slot;
  auto operator<=>(const Incoming&) const = default;
};

}  // namespace

std::string text(Marking marking) {
  return "(" + std::to_string(marking.branch) + ", " + std::to_string(marking.id) + ")";
}

std::optional<std::size_t> find_node(const Genome& genome, Marking id) {
  const auto found =
      std::find_if(genome.nodes.begin(), genome.nodes.end(), [&](const Node& n) { return n.id == id; });
  if (found == genome.nodes.end()) return std::nullopt;
  return static_cast<std::size_t>(found - genome.nodes.begin());
}

std::optional<std::size_t> find_link(const Genome& genome, Marking id) {
  const auto found =
      std::find_if(genome.links.begin(), genome.links.end(), [&](const Link& l) { return l.id == id; });
  if (found == genome.links.end()) return std::nullopt;
  return static_cast<std::size_t>(found - genome.links.begin());
}

bool is_greyscale(const Genome& genome) {
  return genome.signature.outputs.size() == 1 && genome.signature.outputs[0] == "ink";
}

void validate(const Genome& genome) { checked_graph(genome); }

Phenotype express(const Genome& genome) {
  const Graph graph = checked_graph(genome);
  const auto inputs = static_cast<Index>(genome.signature.inputs.size());
  const std::vector<Index> order = unit_order(genome, graph);
  std::vector<ValueIndex> value_of_node(genome.nodes.size());
  for (Index n = 0; n < inputs; ++n) value_of_node[n] = n;
  for (Index u = 0; u < order.size(); ++u) value_of_node[order[u]] = inputs + u;

  Phenotype phenotype;
  std::vector<Incoming> incoming;
  incoming.reserve(genome.links.size());
  for (Index l = 0; l < genome.links.size(); ++l)
    if (genome.links[l].enabled) {
      incoming.push_back({value_of_node[graph.target[l]] - inputs, value_of_node[graph.source[l]],
                          genome.links[l].id, static_cast<Slot>(phenotype.weights.size())});
      phenotype.weights.push_back(static_cast<float>(genome.links[l].weight));
      phenotype.link_of_slot.push_back(l);
    }
  std::sort(incoming.begin(), incoming.end());

  const bool grey = is_greyscale(genome);
  Signature signature = genome.signature;
  if (grey) signature.outputs = picture_signature().outputs;
  NetworkBuilder builder(std::move(signature));
  std::vector<Edge> edges;
  auto next = incoming.begin();
  for (Index u = 0; u < order.size(); ++u) {
    edges.clear();
    for (; next != incoming.end() && next->unit == u; ++next) edges.push_back({next->source, next->slot});
    const Node& node = genome.nodes[order[u]];
    builder.add_unit({node.activation, graph.layer[order[u]]}, edges);
    phenotype.node_of_unit.push_back(node.id);
  }
  std::vector<ValueIndex> outputs;
  if (grey)
    for (const std::int32_t id : {0, 1}) {
      outputs.push_back(builder.add_unit({Activation::identity, 1}, {}));
      phenotype.node_of_unit.push_back({-1, id});
    }
  for (std::size_t o = 0; o < genome.signature.outputs.size(); ++o)
    outputs.push_back(value_of_node[inputs + o]);
  phenotype.network =
      std::move(builder).finish(std::move(outputs), static_cast<int>(phenotype.weights.size()));
  return phenotype;
}

}  // namespace skein::neat
