#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/engine/engine.hpp"
#include "lib/network/network.hpp"
#include "lib/network/weight_layout.hpp"
#include "sgd/mlp/architecture.hpp"

namespace skein::sgd {

inline constexpr int most_rounds = 256;

/// A block applied again and again to a latent state, after Jolicoeur-Martineau 2025 ("Less is more: recursive
/// reasoning with tiny networks"), reduced to what draws a picture from coordinates:
///
///     h_0 = E c              c the inputs, h the state
///     h_t = h_{t-1} + W2 f(W1 [h_{t-1}, c])        t = 1 ... rounds, f the block's units
///     outputs = R [h, g(A h)]                      g the head's units, where there is a head
///
/// Tied: W1 and W2 are the same in every round, so that it can be drawn at any number of rounds. Untied: each round has
/// its own; drawn at more rounds than it has, the last one is repeated. Written "rec:ROUNDS(STATE;BLOCK)" or
/// "rec:ROUNDS(STATE;BLOCK;HEAD)", with BLOCK and HEAD as in "relu:8,tanh:4"; "untied:" in place of "rec:".
struct Recursion {
  bool tied = true;
  int rounds = 1;
  int state = 1;  ///< units of the state
  std::vector<std::pair<UnitKind, int>> block;
  std::vector<std::pair<UnitKind, int>> head;  ///< may be empty

  std::string text() const;
  bool operator==(const Recursion&) const = default;
};

/// Whether the text means one: it begins with "rec:" or "untied:".
bool is_recursion(std::string_view text);
/// Throws ConfigError with what does not parse; rounds 1 to `most_rounds`, counts as in Architecture, no caches.
Recursion parse_recursion(std::string_view text);

/// The network at a number of rounds; 0 stands for its own. Slots are those of `weights` below whatever the rounds.
/// `layout` has a matrix for E, for W1 and W2 of each block, for A and for R; the slot that carries the state on has the
/// place behind the first row of E. Throws ConfigError beyond `most_rounds`, without inputs or outputs, and over
/// `largest_mlp` edges.
struct LoweredRecursion {
  Network network;
  WeightLayout layout;
  std::vector<std::uint8_t>
      trainable;  ///< per slot: 0 for the one weight, always 1, that carries the state on
};
LoweredRecursion lower(const Recursion& recursion, const Signature& signature, int rounds = 0);

/// The slot of the weight that carries the state on.
Slot carrying_slot(const Signature& signature);

/// How many weights it has, without the one that carries the state on.
std::int64_t parameter_count(const Recursion& recursion, const Signature& signature);

/// One weight per slot, truncated normal with variance 1 / fan-in as `initial_weights` of MLPs; what a round adds to the
/// state is divided by the square root of the rounds.
Weights initial_weights(const Recursion& recursion, const Signature& signature, std::uint64_t seed,
                        double scale = 1);

/// A recursion with its numbers; vectors are indexed by slot.
struct RecursiveNet {
  Recursion recursion;
  Signature signature;
  Weights weights;
  Weights initial;  ///< before training; empty when unknown
  bool operator==(const RecursiveNet&) const = default;
};

/// Throws ConfigError when sizes do not fit, a weight is not finite or the carrying weight is not 1.
void validate(const RecursiveNet& net);

}  // namespace skein::sgd
