#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace skein {

/// An undirected edge; parallel ones add up, a loop counts twice in its node's strength.
struct WeightedEdge {
  int a = 0;
  int b = 0;
  double weight = 1;
};

/// An undirected graph with weights of at least zero: a similarity graph, or a wiring without its directions.
struct WeightedGraph {
  int nodes = 0;
  std::vector<WeightedEdge> edges;
};

/// Throws ConfigError: an end that does not exist, a weight that is negative or not finite.
void validate(const WeightedGraph& graph);

/// Newman's modularity of a division (Newman and Girvan 2004; resolution after Reichardt and Bornholdt 2006):
/// the share of weight inside communities minus what the nodes' strengths alone would give. In [-0.5, 1]; 0
/// for a graph without weight. `community` has one entry per node.
double modularity(const WeightedGraph& graph, std::span<const int> community, double resolution = 1);

struct CommunitySettings {
  double resolution = 1;  ///< above 1: more and smaller communities
  int starts = 8;         ///< visiting orders tried; the best division is returned
  std::uint64_t seed = 0;
};

struct Communities {
  std::vector<int> of;  ///< one per node; numbered by their first node
  int count = 0;
  double modularity = 0;
};

/// The division of greatest modularity found by the Louvain method (Blondel et al. 2008) from several seeded
/// orders, each followed by a last pass over single nodes; communities that fall apart are split (the fault
/// of Louvain that Traag, Waltman and van Eck 2019 describe). A node without edges is a community of its own.
/// Same graph and settings, same division. O(starts * edges * passes).
Communities find_communities(const WeightedGraph& graph, const CommunitySettings& settings = {});

/// A value beside what chance gives.
struct AgainstNull {
  double value = 0;
  double null_mean = 0;
  double null_sd = 0;
  int samples = 0;
  /// (value - null_mean) / null_sd; 0 when the null does not vary.
  double z() const { return null_sd > 0 ? (value - null_mean) / null_sd : 0; }
};

/// Modularity found against that found in graphs of the same topology whose weights are dealt out anew at
/// random: for similarity graphs, where every pair is an edge.
AgainstNull modularity_against_shuffled_weights(const WeightedGraph& graph, int samples,
                                                const CommunitySettings& settings = {});

/// Mean and standard deviation (n - 1) of a null sample beside a value.
AgainstNull against_null(double value, std::span<const double> null);

}  // namespace skein
