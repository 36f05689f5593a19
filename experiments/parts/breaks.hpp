#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/engine/engine.hpp"

namespace skein::experiments {

/// Where composition breaks along the graph, after Dziri et al. 2023 ("Faith and fate"): a reference whose every step is
/// known is held against a network that is to draw the same. Errors, fits and classes are ours; PARTS.md.
enum class Break : std::uint8_t {
  correct,     ///< the network has the unit's value, and what it has of its parents would give it
  local,       ///< the network lacks the value, though what it has of the parents would give it
  propagated,  ///< lacks it, and a parent is lacking, or what it has of them would not give it
  restored,    ///< has it, though what it has of the parents would not give it
};
inline constexpr std::size_t break_kinds = 4;
std::string_view name(Break kind);

struct BreakSettings {
  double threshold = 0.1;  ///< of 1 - R2: above it a value is lacking, in (0, 1)
  int size = 48;           ///< side of the grid, pixels
  void validate() const;   ///< throws ConfigError
};

/// One unit of the reference.
struct UnitBreak {
  int unit = 0;  ///< in the reference
  std::int32_t layer = 1;
  double error =
      0;  ///< 1 - R2 of its map, fitted linearly by units of the network at its layer: as many as the
          ///< unit has inputs, chosen one after the other
  double inherited = 0;  ///< 1 - R2 of the unit's own operation on its parents as they were fitted
  Break kind = Break::correct;
};

/// The units of the reference whose maps vary, in its order. A unit is looked for in the network's layer at the same
/// share of its depth, `layers` of them being the depth of what is held against the reference's (of a layered MLP its
/// hidden layers; 0: the network's depth); outputs among the outputs. Both read the same inputs and have the same outputs.
/// Throws ConfigError when they do not, or nothing in the reference varies.
std::vector<UnitBreak> find_breaks(const Network& reference, std::span<const float> reference_weights,
                                   const Network& network, std::span<const float> weights,
                                   const BreakSettings& settings = {}, int layers = 0);

}  // namespace skein::experiments
