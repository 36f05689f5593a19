#include "lib/graph/reachability.hpp"

#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/two_bit_color_map.hpp>
#include <boost/pending/queue.hpp>

#include "lib/base/error.hpp"
#include "lib/graph/order.hpp"

namespace skein {

namespace {

using ReachGraph =
    boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                       boost::no_property, std::uint32_t, std::uint32_t>;

void check_graph_node(std::uint32_t node, std::size_t nodes) {
  if (node >= nodes)
    throw ConfigError("graph: no node " + std::to_string(node) + " among " + std::to_string(nodes));
}

/// The nodes that a breadth-first visit of `edges` from `starts` discovers.
std::vector<std::uint8_t> visited_from(std::size_t nodes, const std::vector<Arrow>& edges,
                                       std::span<const std::uint32_t> starts) {
  for (const auto& [source, target] : edges) check_graph_node(source, nodes), check_graph_node(target, nodes);
  for (const std::uint32_t start : starts) check_graph_node(start, nodes);
  const ReachGraph graph(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(),
                         static_cast<std::uint32_t>(nodes));
  const auto colours = boost::make_two_bit_color_map(nodes, boost::get(boost::vertex_index, graph));
  boost::queue<std::uint32_t> waiting;
  boost::breadth_first_visit(graph, starts.begin(), starts.end(), waiting, boost::default_bfs_visitor(),
                             colours);
  std::vector<std::uint8_t> flags(nodes);
  for (std::uint32_t node = 0; node < nodes; ++node)
    flags[node] = boost::get(colours, node) != boost::two_bit_white;
  return flags;
}

}  // namespace

std::vector<std::uint8_t> reached_from(const DirectedGraph& graph, std::span<const std::uint32_t> starts) {
  return visited_from(graph.nodes, graph.edges, starts);
}

std::vector<std::uint8_t> reaching(const DirectedGraph& graph, std::span<const std::uint32_t> ends) {
  std::vector<Arrow> backward;
  backward.reserve(graph.edges.size());
  for (const auto& [source, target] : graph.edges) backward.emplace_back(target, source);
  return visited_from(graph.nodes, backward, ends);
}

std::vector<std::uint8_t> on_a_path(const DirectedGraph& graph, std::span<const std::uint32_t> starts,
                                    std::span<const std::uint32_t> ends) {
  auto both = reached_from(graph, starts);
  const auto back = reaching(graph, ends);
  for (std::size_t node = 0; node < both.size(); ++node) both[node] &= back[node];
  return both;
}

AllPairsReachability::AllPairsReachability(const DirectedGraph& graph) : words_((graph.nodes + 63) / 64) {
  const auto order = topological_order(graph);
  if (!order) throw ConfigError("graph: its edges form a cycle");
  std::vector<std::vector<std::uint32_t>> targets(graph.nodes);
  for (const auto& [source, target] : graph.edges) targets[source].push_back(target);
  bits_.assign(words_ * graph.nodes, 0);
  for (auto node = order->rbegin(); node != order->rend(); ++node)
    for (const std::uint32_t target : targets[*node]) {
      bits_[*node * words_ + target / 64] |= std::uint64_t{1} << (target % 64);
      for (std::size_t w = 0; w < words_; ++w) bits_[*node * words_ + w] |= bits_[target * words_ + w];
    }
}

}  // namespace skein
