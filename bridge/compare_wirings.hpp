#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "bridge/plain_wiring.hpp"
#include "lib/graph/communities.hpp"

namespace skein::bridge {

struct CompareWiringsSettings {
  int size = 64;                  ///< maps are compared on a grid of size x size over [-1, 1]
  double least_similarity = 0.5;  ///< pairs below are no match
  int null_samples = 100;
  std::uint64_t seed = 0;
};

/// Throws ConfigError: size 2..1024, least_similarity 0..1, null_samples 0..100,000.
void validate(const CompareWiringsSettings& settings);

struct UnitMatch {
  ValueIndex reference = 0;
  ValueIndex candidate = 0;
  double similarity = 0;  ///< |correlation| of the two maps
  int sign = 1;           ///< of the correlation
};

/// How alike two wirings are. Inputs match by their place. Edges are those of the plain wirings.
struct WiringComparison {
  std::vector<UnitMatch> matches;  ///< units, by reference
  int reference_units = 0, candidate_units = 0;
  int reference_edges = 0, candidate_edges = 0;
  int shared_edges = 0;        ///< reference edges whose matched ends are joined in the candidate
  double mean_similarity = 0;  ///< over matches
  AgainstNull precision;       ///< shared edges / candidate edges, in [0, 1]
  AgainstNull recall;          ///< shared edges / reference edges
  AgainstNull f1;              ///< harmonic mean of both; 0 when nothing is shared
};

/// Are two networks on the same target wired alike? Their plain wirings are taken; units of any layer are
/// matched one to one by what they compute, so that the sum of |correlation| of their maps is greatest
/// (optimal assignment); same activation and similar depth break ties. Two constant maps are alike, a
/// constant and another are not. Then edges are compared. The chance level rewires the candidate at random,
/// keeping its degrees and its units' maps (shuffle_arrows), and compares again: mean and standard deviation
/// over `null_samples`. It is low for wirings of few edges, whose maps say what they read: unrelated ones of the
/// same degrees have up to twice as much (WIRINGS.md). Networks that do not draw are compared over 1,024 random inputs in [-1, 1]. Throws
/// ConfigError when the signatures differ.
WiringComparison compare_wirings(const PlainWiring& reference, const PlainWiring& candidate,
                                 const CompareWiringsSettings& settings = {});

/// The numbers by name, for tables and JSON.
std::vector<std::pair<std::string, double>> named(const WiringComparison& comparison);

}  // namespace skein::bridge
