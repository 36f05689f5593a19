#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/measures/subject.hpp"
#include "experiments/parts/picture_parts.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// How much of a part a step on one weight takes while the loss says little (PARTS.md, "Robustness"). The loss is the
/// mean squared error against the target's picture; a part's *price* is what it rises by where the part is switched off.

/// What became of a part, as the first of these that explains its change within 0.05 of the best explanation.
enum class PartChange : std::uint8_t {
  removed,     ///< it looks as it does where it is switched off
  moved,       ///< shifted by up to 4 pixels, or scaled by 0.8 to 1.25
  recoloured,  ///< every channel a line in its own values
  distorted,   ///< none of these explains half of the change
};
std::string_view name(PartChange change);

struct HiddenLossSettings {
  int weights =
      128;  ///< moved, spread over the layers as the measures' are; a network with fewer is looked at whole
  std::uint64_t seed = 0;
  void validate() const;  ///< throws ConfigError
};

/// Loss changes at which parts are looked at, in units of the part's price.
inline constexpr std::size_t budget_count = 25;
/// 10^(-2 + i / 8): 0.01 to 10.
double budget_of(std::size_t i);

/// The greatest share of a part that is lost while the loss rises by no more than a budget.
struct LostShares {
  double weight = 0;  ///< by steps on one weight
  double random =
      0;  ///< control: by random directions in the space of all weights, as many as weights are moved
  double shifted = 0;  ///< control: by the same steps, their maps moved cyclically; mean over four shifts
};

/// What is said of one part.
struct HiddenLoss {
  std::string part;
  double price = 0;  ///< mean squared error between the picture without the part and the picture
  double concentrated =
      0;                 ///< the least loss change at which all of it can be lost: nothing else changes then
  LostShares lost = {};  ///< at the price
  std::array<LostShares, budget_count> curve{};  ///< at `budget_of` times the price
  /// The step that takes most of it at the price: which weight, from what to what, and the picture then.
  std::optional<Slot> slot = {};
  float from = 0, to = 0;
  double loss_change = 0;  ///< of that step
  double others = 0;       ///< the mean share that the other parts lose by it
  PartChange change = PartChange::distorted;
  std::array<double, 3> explained{};  ///< R squared within the part: removed, moved, recoloured
  Picture picture = {};               ///< `parts_size` squared
};

struct HiddenLosses {
  std::vector<HiddenLoss> parts;       ///< those whose absence shows in their own region
  std::vector<std::string> unseen;     ///< the others, which have no price
  std::size_t movable = 0, moved = 0;  ///< weights of its own that the network has, and how many were moved
  double loss = 0;                     ///< of the network as it is
  LostShares mean;                     ///< over the parts, at the price
  double others = 0;                   ///< likewise
};

/// Each weight is moved by 8 / sqrt(2)^k, k = 0 to 19, up and down, and set to 0; a random direction (normal, all weights
/// of its own, unit length) by as much up and down. *Lost* of a part at a step: what its region's squared error against
/// `pictures.whole` rises by, of what that of `pictures.absent` is, 0 to 1. A step to what is not finite counts for
/// nothing. Same seed, same numbers on any threads. Throws ConfigError where no part has a price; Error when the listener
/// stops it.
HiddenLosses hidden_losses(const Subject& subject, const PictureParts& parts, const PartPictures& pictures,
                           const HiddenLossSettings& settings, const ProgressListener& listener = {});

}  // namespace skein::experiments
