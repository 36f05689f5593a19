#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "experiments/parts/learned_mask.hpp"
#include "experiments/parts/subnetworks.hpp"

namespace skein::experiments {

/// One mark per slot: whether the weight is kept.
using PieceMask = std::vector<std::uint8_t>;

/// Finds the weights of a frozen network that draw a picture. Refers to what it is given.
class PieceLearner {
 public:
  /// `ask` is called before every look at the network, and throws to stop.
  PieceLearner(const MaskedNet& net, const Plan& plan, const Grid& grid, const MaskSettings& settings,
               const std::function<void()>& ask)
      : net_(net), plan_(plan), grid_(grid), settings_(settings), ask_(ask) {}

  /// A mask that draws `wanted`; its error counts in units of that of `nothing`. What is `fixed` is always on. Where
  /// something is, masks begun with everything and with nothing else kept are both learned, and the one of lower error and
  /// price wins, of equal ones the first: where a part is small beside what the base misses, the first loses its way. What
  /// is kept is tidied.
  PieceMask mask(const Picture& wanted, const Picture& nothing, const PieceMask& fixed,
                 std::uint64_t seed) const;

  /// The weights kept, the others 0.
  Weights kept(const PieceMask& mask) const;

 private:
  void drop_unread(PieceMask& on, const PieceMask& fixed) const;
  void tidy(PieceMask& on, const PieceMask& fixed,
            const std::function<double(const PieceMask&)>& value) const;

  const MaskedNet& net_;
  const Plan& plan_;
  const Grid& grid_;
  const MaskSettings& settings_;
  const std::function<void()>& ask_;
};

}  // namespace skein::experiments
