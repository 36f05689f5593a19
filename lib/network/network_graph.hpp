#pragma once

#include <cstdint>
#include <vector>

#include "lib/graph/graph_measures.hpp"
#include "lib/network/network.hpp"

namespace skein {

/// The distinct (source, target) pairs of a network's edges, by target, then source.
std::vector<Arrow> arrows_of(const Network& network);

/// Those arrows between the network's values.
DirectedGraph graph_of(const Network& network);

/// The layer of every value as the longest path from the inputs gives it: inputs 0, a unit one above its
/// highest source, 1 without sources.
std::vector<int> longest_path_layers(const Network& network);

/// One flag per value: it reaches an output along edges (outputs reach themselves).
std::vector<std::uint8_t> reaching_outputs(const Network& network);

/// The structural numbers of a network's wiring.
Structure structure_of(const Network& network, const StructureSettings& settings = {});

}  // namespace skein
