#pragma once

#include <cstdint>
#include <vector>

#include "lib/graph/directed_graph.hpp"

namespace skein {

/// Which nodes hang together when the edges' directions are passed over: one number per node, components numbered from 0
/// by their first node. Throws ConfigError when an edge names a node that does not exist.
std::vector<std::uint32_t> connected_components(const DirectedGraph& graph);

}  // namespace skein
