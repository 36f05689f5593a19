#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/network/weight_layout.hpp"

namespace skein::sgd {

/// What weights cost beside the loss.
enum class PenaltyKind : std::uint8_t {
  none,
  l1,           ///< every weight its size
  group_lasso,  ///< the outgoing weights of each hidden unit their Euclidean length, so that units go whole
};

/// A penalty that grows while training: strength times the sum of the sizes, or of the lengths times the root of how many
/// weights a group has (Yuan and Lin 2006). It is not part of the loss: after every step the weights move to where they cost
/// less (the proximal step, at the step's learning rate), and weights reach exactly 0.
struct Penalty {
  PenaltyKind kind = PenaltyKind::none;
  double strength = 0;
  bool operator==(const Penalty&) const = default;

  bool active() const { return kind != PenaltyKind::none; }
  /// Throws ConfigError.
  void validate() const;
  /// The strength after `steps_taken` of `steps`: rising evenly from 0 over the first half.
  double at(std::int64_t steps_taken, std::int64_t steps) const;
};

/// "none", "l1:0.1" or "group-lasso:0.1". Throws ConfigError.
Penalty parse_penalty(std::string_view text);
/// The inverse.
std::string text_of(const Penalty& penalty);

/// The proximal step of a penalty.
class PenaltyStep {
 public:
  /// `trainable`: one flag per slot, empty for all; the others are never touched. Throws ConfigError when the sizes do not
  /// agree, or when groups are asked for and `layout` is empty.
  PenaltyStep(PenaltyKind kind, const WeightLayout& layout, std::size_t slots,
              const std::vector<std::uint8_t>& trainable);

  /// Shrinks each weight by `amount`, or each group's length by `amount` times the root of its size; to 0 at most.
  void apply(double amount, std::span<float> weights) const;

 private:
  std::vector<std::vector<std::uint32_t>> groups_;  ///< slots
};

}  // namespace skein::sgd
