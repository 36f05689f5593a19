#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lib/graph/directed_graph.hpp"

namespace skein {

// Every function here throws ConfigError when an edge names a node that does not exist.

/// The nodes in an order in which every edge points forward, always the same for the same graph; nothing where
/// edges form a cycle.
std::optional<std::vector<std::uint32_t>> topological_order(const DirectedGraph& graph);

/// The first node that lies on a cycle (Tarjan 1972: strongly connected components); nothing where none does.
std::optional<std::uint32_t> node_on_cycle(const DirectedGraph& graph);

/// The number of edges of the longest path that ends in each node, 0 for nodes that no edge enters; nothing
/// where edges form a cycle.
std::optional<std::vector<int>> longest_paths(const DirectedGraph& graph);

/// The nodes that `roots` lead to, in the order in which a depth-first visit finishes them that starts from each
/// root in turn and follows a node's edges in the order in which the graph lists them. Nodes of `before`
/// count as visited.
std::vector<std::uint32_t> finishing_order(const DirectedGraph& graph, std::span<const std::uint32_t> roots,
                                           std::span<const std::uint32_t> before = {});

}  // namespace skein
