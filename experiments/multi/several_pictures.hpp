#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/base/progress.hpp"
#include "lib/picture/picture.hpp"
#include "sgd/mlp/mlp.hpp"
#include "sgd/train/train.hpp"

namespace skein::experiments {

/// How several pictures are drawn. The study that names "Multi-CPPN" is not to be had; these are our own.
enum class MultiKind : std::uint8_t {
  heads,  ///< one trunk, and for each picture its own weights into the outputs
  coded,  ///< one network that is told which picture by one more input each (1 for its own, 0 for the others)
  separate_each,   ///< a network for each picture, with as many weights each as one path of `heads`
  separate_total,  ///< the same, with as nearly as can be as many weights in all as `heads`
};
inline constexpr std::size_t multi_kinds = 4;
std::string_view name(MultiKind kind);
/// For people: "one trunk with heads".
std::string_view words_for(MultiKind kind);

/// Several pictures drawn in one of these ways.
struct SeveralPictures {
  std::vector<sgd::Mlp>
      networks;  ///< for each picture the network that draws it; what they share is in all of them
  std::vector<double> losses;     ///< mean squared error on RGB
  std::int64_t numbers = 0;       ///< that were fitted in all
  std::int64_t weights_each = 0;  ///< of one picture's network
};

/// Fits all pictures with dense networks of this architecture (of `separate_total`: of its kinds of unit in as many columns as
/// the count allows). Weights are drawn by `settings.seed`, each picture's own ones by draws of their own. Nothing when the
/// listener asked to stop. Throws ConfigError for fewer than two pictures and as `sgd::train_shared`, NumericError as that.
std::optional<SeveralPictures> draw_several(MultiKind kind, const sgd::Architecture& architecture,
                                            const std::vector<Picture>& pictures,
                                            const sgd::TrainSettings& settings,
                                            const ProgressListener& listener = {});

}  // namespace skein::experiments
