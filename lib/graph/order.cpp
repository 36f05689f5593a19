#include "lib/graph/order.hpp"

#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>
#include <boost/graph/two_bit_color_map.hpp>
#include <iterator>

#include "lib/base/error.hpp"

namespace skein {

namespace {

using OrderedGraph =
    boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                       boost::no_property, std::uint32_t, std::uint32_t>;

/// A node's edges stand in the order of the list.
OrderedGraph ordered_graph(const DirectedGraph& graph) {
  for (const auto& [source, target] : graph.edges)
    if (source >= graph.nodes || target >= graph.nodes)
      throw ConfigError("graph: an edge from node " + std::to_string(source) + " to " +
                        std::to_string(target) + " of " + std::to_string(graph.nodes));
  return {boost::edges_are_unsorted_multi_pass, graph.edges.begin(), graph.edges.end(),
          static_cast<std::uint32_t>(graph.nodes)};
}

/// Notes each node when everything that it leads to has been visited.
struct NoteFinished : boost::default_dfs_visitor {
  explicit NoteFinished(std::vector<std::uint32_t>* to) : finished(to) {}
  void finish_vertex(std::uint32_t node, const OrderedGraph&) const { finished->push_back(node); }
  std::vector<std::uint32_t>* finished;
};

}  // namespace

std::optional<std::vector<std::uint32_t>> topological_order(const DirectedGraph& graph) {
  std::vector<std::uint32_t> order;
  order.reserve(graph.nodes);
  const OrderedGraph nodes = ordered_graph(graph);
  try {
    boost::topological_sort(nodes, std::back_inserter(order));
  } catch (const boost::not_a_dag&) {
    return std::nullopt;
  }
  std::ranges::reverse(order);  // Boost's begins with what nothing follows
  return order;
}

std::optional<std::uint32_t> node_on_cycle(const DirectedGraph& graph) {
  const OrderedGraph nodes = ordered_graph(graph);
  std::vector<std::uint32_t> component(graph.nodes);
  const auto index = boost::get(boost::vertex_index, nodes);
  const std::uint32_t count =
      boost::strong_components(nodes, boost::make_iterator_property_map(component.begin(), index));
  std::vector<std::uint32_t> members(count, 0);
  for (const std::uint32_t c : component) ++members[c];
  for (const auto& [source, target] : graph.edges)
    if (source == target) members[component[source]] = 2;  // an edge to itself is a cycle too
  for (std::uint32_t node = 0; node < graph.nodes; ++node)
    if (members[component[node]] > 1) return node;
  return std::nullopt;
}

std::optional<std::vector<int>> longest_paths(const DirectedGraph& graph) {
  const auto order = topological_order(graph);
  if (!order) return std::nullopt;
  const OrderedGraph nodes = ordered_graph(graph);
  std::vector<int> longest(graph.nodes, 0);
  for (const std::uint32_t node : *order)
    for (auto [next, end] = boost::adjacent_vertices(node, nodes); next != end; ++next)
      longest[*next] = std::max(longest[*next], longest[node] + 1);
  return longest;
}

std::vector<std::uint32_t> finishing_order(const DirectedGraph& graph, std::span<const std::uint32_t> roots,
                                           std::span<const std::uint32_t> before) {
  const OrderedGraph nodes = ordered_graph(graph);
  const auto colours = boost::make_two_bit_color_map(graph.nodes, boost::get(boost::vertex_index, nodes));
  const auto check = [&](std::uint32_t node) {
    if (node >= graph.nodes)
      throw ConfigError("graph: no node " + std::to_string(node) + " among " + std::to_string(graph.nodes));
  };
  for (const std::uint32_t node : before) check(node), boost::put(colours, node, boost::two_bit_black);
  std::vector<std::uint32_t> order;
  for (const std::uint32_t root : roots) {
    check(root);
    if (boost::get(colours, root) == boost::two_bit_white)
      boost::depth_first_visit(nodes, root, NoteFinished(&order), colours);
  }
  return order;
}

}  // namespace skein
