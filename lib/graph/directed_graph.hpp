#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace skein {

/// A directed edge between two nodes of a graph: (source, target).
using Arrow = std::pair<std::uint32_t, std::uint32_t>;

/// A directed graph as a list of its edges, over the nodes 0 to nodes - 1. Edges may repeat. What is asked of
/// it (lib/graph/order.hpp, lib/graph/reachability.hpp) is answered by Boost.Graph.
struct DirectedGraph {
  std::size_t nodes = 0;
  std::vector<Arrow> edges;
};

}  // namespace skein
