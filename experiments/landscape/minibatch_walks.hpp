#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/landscape/inside_score.hpp"
#include "experiments/landscape/mechanisms.hpp"

namespace skein::experiments {

/// Plain gradient descent (no momentum, gradients as they are) from networks that draw the target, on few pixels a step.
struct MinibatchSettings {
  std::vector<std::uint32_t> pixels;  ///< drawn anew for each step; descent on all of them is the control
  std::vector<double> rates{3e-3, 3e-2};
  std::int64_t steps = 4000;
  int seeds = 3;  ///< walks on other pixels; descent on all pixels is one walk
  /// Standard deviation of normal noise on every value of the picture, the same in every step (values stay in [0, 1]):
  /// where a picture is drawn exactly the gradient of every pixel is zero and nothing would move.
  double picture_noise = 0.05;
  std::uint64_t seed = 0;

  /// Throws ConfigError: no or too few pixels, no rates, rates that are not positive, fewer than one step or seed.
  void validate() const;
};

/// One walk: where it began and where it ended.
struct MinibatchWalk {
  std::string network;
  double rate = 0;
  std::uint32_t pixels = 0;                ///< of a step; 0: all
  int seed = 0;                            ///< number of the walk, from 0
  bool diverged = false;                   ///< left the finite numbers; then nothing is known of its end
  double moved = 0;                        ///< |w - w0| / |w0|
  double loss_before = 0, loss_after = 0;  ///< on the picture without noise
  InsideScore before, after;
};

/// All walks, network by network, rate by rate, by rising pixels with all pixels last. Same seed, same numbers on any number
/// of threads. Nothing when the listener asked to stop.
std::optional<std::vector<MinibatchWalk>> minibatch_walks(const std::vector<NamedNetwork>& networks,
                                                          const BasinTarget& target,
                                                          const MinibatchSettings& settings,
                                                          const ProgressListener& listener);

/// The picture that walks are made on.
Picture noisy_picture(const Picture& picture, double noise, std::uint64_t seed);

}  // namespace skein::experiments
