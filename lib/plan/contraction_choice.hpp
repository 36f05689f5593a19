#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/network/network.hpp"
#include "lib/plan/contraction.hpp"

namespace skein {

enum class UnitFate : std::uint8_t {
  kept,    ///< computed at every sample
  folded,  ///< linear: its coefficients are computed instead
  dead     ///< reaches none of the values wanted
};
using UnitFates = std::vector<UnitFate>;  ///< one per unit

/// Decides which linear units to fold. Always folded (unless `none`): those of at most one source, and those
/// that in the end feed a single sum; neither adds an edge. `search` also chooses the depths whose linear
/// units are folded, by what leaves the least work.
UnitFates choose_fates(const Network& network, std::span<const ValueIndex> outputs, ContractionEffort effort);

}  // namespace skein
