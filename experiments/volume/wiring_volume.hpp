#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "experiments/statistics/proportion.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// How a wiring is drawn at random: `sources` primitives, then `depth` layers of `width` units. A unit is a copy
/// (with probability `copies`, of one predecessor, each as likely) or it computes, and reads each unit of the
/// layer below with probability q: `fan_in` / (width below), at most 1, or `density` where that is given (then in
/// every layer, the sources' too, unless `dense_first`: there q = min(1, density * width / sources), the rule by
/// which the fan-in of `density * width` is kept).
struct RandomWiring {
  int sources = 3;
  int width = 12;
  int depth = 3;
  double fan_in = 2;
  std::optional<double> density = std::nullopt;
  bool dense_first = false;
  double copies = 0;

  /// Throws ConfigError: fewer units than sources, probabilities outside [0, 1], sizes beyond 64 sources, 4,096
  /// units or 256 layers.
  void validate() const;
  /// The probability that a computing unit of `layer` (0: fed by the sources) reads a given predecessor.
  double read_probability(int layer) const;
};

/// Shares of the wirings that can be drawn, measured at the top layer. A unit is *pure* if exactly one source
/// reaches it; its *level* is the greatest number of computing units on a path from a source to it.
struct WiringVolume {
  /// K: every source has a pure top unit of the level asked for. Wirings that can keep all parts apart.
  Share compositional;
  /// S: P vertex-disjoint paths lead from the sources to the top, and every source reaches a top unit of the level
  /// asked for. Wirings that can tell all parts apart at all; K lies inside S.
  Share spanning;
  /// K among S; nothing when no wiring drawn was spanning.
  std::optional<Share> ratio;
  std::uint64_t samples = 0;
};

/// By Monte Carlo, with Wilson intervals of 95 % (`z` as in `wilson_share`). The number of vertex-disjoint paths is
/// the rank of the product of the layers' matrices with random entries modulo 2^31 - 1 (Lindström 1973, Gessel and
/// Viennot 1985; wrong with a probability below 1e-5 a wiring). Same seed, same numbers on any number of threads.
/// Nothing when the listener asks to stop. Throws ConfigError as `validate`, and for samples or a level below 0.
std::optional<WiringVolume> sample_volume(const RandomWiring& wiring, int level, std::uint64_t samples,
                                          std::uint64_t seed, const ProgressListener& listener = {},
                                          double z = 1.959964);

/// The number of vertex-disjoint paths from sources to top units of one random wiring and whether it is
/// compositional and spanning: one draw of `sample_volume`, for tests and figures. Arrows (below, unit) of every
/// layer are appended to `arrows` when it is given, numbered within their layers.
struct DrawnWiring {
  int disjoint_paths = 0;
  bool compositional = false;
  bool spanning = false;
};
struct LayerArrow {
  int layer = 0;   ///< of the unit that reads
  int source = 0;  ///< in the layer below
  int unit = 0;
  bool copy = false;  ///< the unit copies this one source
};
DrawnWiring draw_wiring(const RandomWiring& wiring, int level, std::uint64_t seed, std::uint64_t index,
                        std::vector<LayerArrow>* arrows = nullptr);

/// The share K exactly for level 0: the layers' counts of units (pure for each source, mixed, unreached) are a
/// Markov chain. For one layer without copies it is the sum over k of (-1)^k C(P, k) (1 - k q (1 - q)^(P-1))^W.
/// Nothing where the chain has more than `most_states` states (C(W + P + 1, P + 1)).
std::optional<double> exact_compositional(const RandomWiring& wiring, std::uint64_t most_states = 4000);

}  // namespace skein::experiments
