#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/graph/communities.hpp"
#include "lib/graph/directed_graph.hpp"

namespace skein {

/// Random arrows with the same in- and out-degrees, by edge switching (Maslov and Sneppen 2002): (a, b), (c,
/// d) become (a, d), (c, b) unless such an arrow exists or would not run from a lower to a higher `layer`
/// (one per node). So the result is acyclic too. Same seed, same arrows. `attempts` switches are tried per
/// arrow.
std::vector<Arrow> shuffle_arrows(const std::vector<Arrow>& arrows, const std::vector<int>& layer,
                                  std::uint64_t seed, int attempts = 20);

/// The layer of every node of a graph whose first `inputs` nodes are inputs: theirs is 0, another's one above its
/// highest source, 1 without sources; nothing where edges form a cycle.
std::optional<std::vector<int>> longest_path_layers(const DirectedGraph& graph, std::size_t inputs);

struct StructureSettings {
  int null_samples = 50;
  std::uint64_t seed = 0;
};

/// Structural numbers of one wiring. Only what is alive counts: units that an input reaches and that reach an
/// output, and the edges between them. Meant for wirings whose copies are contracted.
struct Structure {
  int units = 0;  ///< units there are
  int units_alive = 0;
  int edges_alive = 0;
  int inputs_used = 0;
  int depth_used = 0;      ///< edges of the longest path from an input to an output
  double mean_path = 0;    ///< mean number of edges over all paths from inputs to outputs
  double log10_paths = 0;  ///< of the number of such paths; -infinity when there is none
  double mean_fan_in = 0;  ///< over units alive
  int greatest_fan_in = 0;
  double mean_fan_out = 0;  ///< over inputs and units alive that are read at all
  int greatest_fan_out = 0;
  double reuse = 0;        ///< share of units alive that are read by two units or more
  int communities = 0;     ///< of the undirected graph of what is alive
  AgainstNull modularity;  ///< best modularity found, against shuffled arrows of the same degrees
};

/// The structural numbers of a graph whose first `inputs` nodes are inputs and the others units, in which edges
/// are distinct, run from lower to higher numbers and stand by target, then source. Defined for every such
/// graph: one without anything alive has zeros. Throws ConfigError for edges that run back.
Structure structure_of(const DirectedGraph& graph, std::size_t inputs, std::span<const std::uint32_t> outputs,
                       const StructureSettings& settings = {});

/// The numbers by name, for tables and JSON: "units_alive", ..., "modularity", "modularity_z".
std::vector<std::pair<std::string, double>> named(const Structure& structure);

}  // namespace skein
