#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lib/network/weight_layout.hpp"

namespace skein::sgd {

/// How many weights stay while training goes on.
enum class SparsitySchedule : std::uint8_t {
  linear,    ///< from all of them, falling evenly over the first half of the steps (Gao et al. 2025)
  constant,  ///< the last count from the first step on
};

/// "linear" or "constant".
std::string_view name(SparsitySchedule schedule);
/// The inverse of `name`. Throws ConfigError that lists the names.
SparsitySchedule parse_sparsity_schedule(std::string_view text);

/// Weight-sparse training after Gao et al. 2025: after every step the largest |weights| of each matrix stay and the
/// others are 0, the same fraction of every matrix. Weights that are 0 keep their gradient and can return. Departures:
/// the optimiser is the caller's (no clipping of its steps, no rate grown with the sparsity).
struct Sparsity {
  double keep = 1;  ///< fraction of the trainable weights that stay, in (0, 1]; 1: no such training
  SparsitySchedule schedule = SparsitySchedule::linear;
  bool operator==(const Sparsity&) const = default;

  bool active() const { return keep < 1; }
  /// Throws ConfigError.
  void validate() const;
  /// The fraction that stays after `steps_taken` of `steps`.
  double at(std::int64_t steps_taken, std::int64_t steps) const;
};

/// Sets weights to 0 until the fraction is kept.
class SparseProjection {
 public:
  /// `trainable`: one flag per slot, empty for all; the others are never touched nor counted. `layout` may be empty:
  /// all weights are one matrix then. Throws ConfigError when the sizes do not agree.
  SparseProjection(const WeightLayout& layout, std::size_t slots, const std::vector<std::uint8_t>& trainable);

  /// How many stay in all: the fraction of the trainable weights, rounded.
  std::size_t count(double keep) const;
  /// Each matrix keeps its share of `count` (largest remainders first): one weight into each unit as far as that goes,
  /// then the largest, of equal ones the first. Exactly `count(keep)` weights are left unless some were 0 before.
  void apply(double keep, std::span<float> weights) const;

 private:
  struct Matrix {
    std::vector<std::uint32_t> slots;
    std::vector<std::int32_t> rows;  ///< per slot of `slots`
  };
  std::vector<std::size_t> shares(std::size_t count) const;

  std::vector<Matrix> matrices_;
  std::size_t total_ = 0;
};

}  // namespace skein::sgd
