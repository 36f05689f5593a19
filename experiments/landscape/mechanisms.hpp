#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/landscape/basin_target.hpp"
#include "experiments/landscape/flatness.hpp"
#include "experiments/landscape/interference.hpp"
#include "experiments/landscape/local_volume.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// A network's name and the network.
struct NamedNetwork {
  std::string name;
  sgd::Mlp mlp;
};

/// The evolved network and networks that compute the same and are built differently: "evolved", "split", "cancel"
/// (experiments/measures/fractured_twins.hpp), "rotated" (linear units of every layer).
std::vector<NamedNetwork> function_equal_twins(const sgd::Mlp& evolved, std::uint64_t seed);

/// What might pull gradient descent to or away from a network: flatness, volume, norm, all of them after rescalings are
/// balanced (sgd/twins/rescaling.hpp), and how much its units overlap.
struct Mechanisms {
  std::string network;
  std::size_t weights = 0;
  double loss = 0;
  Estimate trace;      ///< of the Hessian
  double sam_gap = 0;  ///< at `sam_radius` times the norm of the weights
  double path_norm = 0, weight_norm = 0;
  std::optional<LocalVolume> volume;  ///< preconditioned; of networks of at most `largest_hessian` weights
  /// Mean over hidden layers with two maps or more: its own, by the formula for chance, counted on random weights.
  double overlap = 0, overlap_null = 0, overlap_random = 0;
  double greatest_overlap = 0;  ///< the greatest in any of them
  /// Among as many units of each layer as SP's network has there (`overlaps_among`), mean over the layers where that is
  /// two or more; where SP's network is among those measured and has as many layers.
  std::optional<double> overlap_as_sp, greatest_as_sp;
  std::optional<double>
      parts_overlap;                  ///< mean over layers of the greatest |cosine| of two parts' directions
  std::optional<double> parts_bound;  ///< mean of the Welch bounds
};

inline constexpr double sam_radius = 0.01;
inline constexpr std::size_t largest_hessian = 300;

/// Measures them one by one; volumes with a rise of the loss by `rise`. Same seed, same numbers. Nothing when the listener
/// asked to stop.
std::optional<std::vector<Mechanisms>> measure_mechanisms(const std::vector<NamedNetwork>& networks,
                                                          const BasinTarget& target, double rise,
                                                          std::uint64_t seed,
                                                          const ProgressListener& listener);

/// One line a network.
std::string mechanisms_csv(const std::string& target, const std::vector<Mechanisms>& mechanisms);

}  // namespace skein::experiments
