#pragma once

#include <cstdint>
#include <optional>

#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

struct HideSettings {
  /// Columns to fill; nothing: `widen` times the columns of every kind, rounded up.
  std::optional<Architecture> architecture = std::nullopt;
  double widen = 2;
  bool split = true;
  bool cancel = true;
  bool useless = true;
  bool rotate = true;  ///< the cache units of every layer
  bool flip = true;
  bool permute = true;
  bool dense = true;  ///< every weight exists, many of them zero; else only those that are used
};

/// Throws ConfigError when `widen` is below 1 or above 100, or nothing is allowed that can fill columns.
void validate(const HideSettings& settings);

/// A wiring hidden in a network as wide as a dense one: every free column is filled with splits, cancelling
/// pairs and useless units, cache units are rotated, signs flipped, columns permuted; all origins and
/// copies' marks dropped. Throws ConfigError when the architecture does not hold the MLP.
Mlp hide(const Mlp& mlp, std::uint64_t seed, const HideSettings& settings = {});

}  // namespace skein::sgd
