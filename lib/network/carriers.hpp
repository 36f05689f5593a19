#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "lib/network/network.hpp"

namespace skein {

/// A multiple of a value.
struct Scaled {
  std::size_t value = 0;
  double factor = 1;
};

/// Which units may vanish when what they compute is a multiple of one other value.
struct CarrierRules {
  /// Whether weights of zero, and weights that add up to zero, are no connections.
  bool without_zeros = true;
  /// Whether unit u may vanish at all; every identity unit may where this is empty.
  std::function<bool(int)> carrier{};
  /// Whether unit u stays even if it can only be zero; none does where this is empty.
  std::function<bool(int)> stays{};
  /// A unit whose factor is not 0 and lies outside stays, so that no product leaves single precision.
  double least_factor = 0, greatest_factor = std::numeric_limits<double>::infinity();
};

/// A network without its carriers: what each value stands for, and what it would be computed from.
struct WithoutCarriers {
  /// Per value: itself, the multiple of the value that it carries, or nothing if it can only be zero.
  std::vector<std::optional<Scaled>> stands_for;
  /// Per value: the values its sum reads, each once and by number, none of which is a carrier.
  std::vector<std::vector<Scaled>> sources;
};

/// Contracts chains of carriers: identity units that read one value alone (copies, scaled ones too). Weights that come
/// to lead from the same value add up in the order of edges. `weights`: one per slot.
///
/// The engine contracts symbolically instead, by slots, because its weights change at every step
/// (lib/plan/contraction.hpp); simplifying trained networks takes out whole layers of mixing units as products of
/// matrices with the rounding of each entry (sgd/simplify/direct_wiring.hpp).
WithoutCarriers without_carriers(const Network& network, std::span<const float> weights,
                                 const CarrierRules& rules = {});

/// One flag per value: it is marked in `wanted` or some value wanted is computed from it.
std::vector<std::uint8_t> feeding(const WithoutCarriers& contracted, std::span<const std::uint8_t> wanted);

}  // namespace skein
