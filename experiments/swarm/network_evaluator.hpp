#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "experiments/changes/part_regions.hpp"
#include "lib/base/progress.hpp"
#include "lib/engine/canvas.hpp"
#include "lib/engine/engine.hpp"

namespace skein::experiments {

/// What a network of a swarm is worth; more is better.
enum class UtilityKind : std::uint8_t {
  loss,   ///< minus the mean squared error on RGB
  parts,  ///< harmonic mean over the parts of their accuracy, each counted as `least_accuracy` at least
  score,  ///< the compositional score where the error is at most `bar`, else minus the error
};
std::string_view name(UtilityKind kind);
/// Throws ConfigError that lists the names.
UtilityKind parse_utility(std::string_view text);

inline constexpr double least_accuracy =
    0.01;  ///< so that one part that is not drawn does not hide the others

/// What networks are to draw.
struct SwarmTarget {
  Picture picture;
  std::optional<PartRegions> regions = {};  ///< of the picture's size
  /// Per part: the picture without it, which an accuracy of 0 belongs to.
  std::vector<Picture> lacking = {};
};

/// Of one network.
struct NetworkWorth {
  double utility = 0;  ///< minus infinity where what is drawn is not finite
  double loss = 0;     ///< mean squared error on RGB; infinite likewise
};

/// Harmonic mean over the parts of part_accuracy, each at least `least_accuracy`; parts that it is not defined for are
/// passed over. Throws ConfigError when it is for none.
double parts_drawn(const Picture& drawn, const SwarmTarget& target);

/// Draws many networks of one structure and says what they are worth. The numbers do not depend on threads.
class NetworkEvaluator {
 public:
  /// Throws ConfigError when the target has not what the utility needs, or the network does not draw.
  NetworkEvaluator(Network network, SwarmTarget target, UtilityKind kind, double bar = 0,
                   std::uint64_t seed = 0);

  std::vector<NetworkWorth> worth(const std::vector<Weights>& networks);
  /// Nothing when the listener stops it (only `score` takes long enough).
  std::optional<std::vector<NetworkWorth>> worth(const std::vector<Weights>& networks,
                                                 const ProgressListener& listener);
  const Network& network() const { return plan_.network(); }
  const SwarmTarget& target() const { return target_; }

 private:
  Plan plan_;
  SwarmTarget target_;
  UtilityKind kind_;
  double bar_;
  std::uint64_t seed_;
  std::vector<Canvas> canvases_;
};

}  // namespace skein::experiments
