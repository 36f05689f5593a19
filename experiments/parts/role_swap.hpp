#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/parts/parts_target.hpp"
#include "experiments/parts/subnetworks.hpp"
#include "lib/engine/engine.hpp"

namespace skein::experiments {

/// Is a piece bound to its part, so that the part moves whole when the piece alone reads other coordinates (after Greff,
/// van Steenkiste and Schmidhuber 2020, section 4.3; the test is ours)?

/// A network with a piece of it: one flag per slot.
struct Pieced {
  const Network& network;
  std::span<const float> weights;
  std::span<const std::uint8_t> piece;
};

/// The picture, `size` squared, when the piece's weights from x, y and d read (x - dx, y - dy) and its distance. Throws
/// ConfigError unless the network reads a picture's inputs and there is a flag for each slot.
Picture with_piece_moved(const Pieced& net, double dx, double dy, int size);

/// What moving a piece does, held against the same in the genome that the part is known from.
struct RoleSwap {
  /// 1 - squared error against the genome's picture with the part moved, of what the picture with the part where it was
  /// has, over the pixels at which these two differ; clipped to [0, 1]: 1 moves whole, 0 is no better than standing still.
  double moved = 0;
  double outside = 0;  ///< |change| per pixel elsewhere, of the wanted change per pixel where it is wanted
};

/// Mean over shifts by `role_shift` to the four sides. Nothing where moving the part changes nothing in the genome.
inline constexpr double role_shift = 0.15;  ///< of coordinates that span [-1, 1]
std::optional<RoleSwap> role_swap(const Pieced& net, const Pieced& genome, int size);

/// One part of a target: of its learned pieces, mean over their seeds, and of random pieces as large (control).
struct PartSwap {
  std::string name;
  std::optional<RoleSwap> learned, random;
};

/// Every part whose links the target's genome knows; none where the parts come from a drawing.
std::vector<PartSwap> role_swaps(const MaskedNet& net, const Subnetworks& found, const PartsTarget& target,
                                 std::uint64_t seed);

}  // namespace skein::experiments
