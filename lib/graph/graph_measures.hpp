#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lib/graph/communities.hpp"
#include "lib/network/network.hpp"

namespace skein {

/// A directed edge between two values of a network.
using Arrow = std::pair<ValueIndex, ValueIndex>;

/// The distinct (source, target) pairs of a network's edges, by target, then source.
std::vector<Arrow> arrows_of(const Network& network);

/// Random arrows with the same in- and out-degrees, by edge switching (Maslov and Sneppen 2002): (a, b), (c,
/// d) become (a, d), (c, b) unless such an arrow exists or would not run from a lower to a higher `layer`
/// (one per value). So the result is acyclic too. Same seed, same arrows. `attempts` switches are tried per
/// arrow.
std::vector<Arrow> shuffle_arrows(const std::vector<Arrow>& arrows, const std::vector<int>& layer,
                                  std::uint64_t seed, int attempts = 20);

/// The layer of every value as the longest path from the inputs gives it: inputs 0, a unit one above its
/// highest source, 1 without sources.
std::vector<int> longest_path_layers(const Network& network);

/// One flag per value: it reaches an output along edges (outputs reach themselves).
std::vector<std::uint8_t> reaching_outputs(const Network& network);

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

/// Defined for every network: one without anything alive has zeros.
Structure structure_of(const Network& network, const StructureSettings& settings = {});

/// The numbers by name, for tables and JSON: "units_alive", ..., "modularity", "modularity_z".
std::vector<std::pair<std::string, double>> named(const Structure& structure);

}  // namespace skein
