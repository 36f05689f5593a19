#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/network/activation.hpp"

namespace skein::sgd {

inline constexpr int deepest_mlp = 1024;                            ///< hidden layers
inline constexpr int widest_mlp = 4096;                             ///< columns of a layer
inline constexpr std::int64_t largest_mlp = std::int64_t{1} << 26;  ///< places for weights, existing or not

/// What a column of a layered MLP is: an activation, or a `cache` (an identity unit that carries a value up).
struct UnitKind {
  Activation activation = Activation::identity;
  bool cache = false;
  bool operator==(const UnitKind&) const = default;
};

/// "cache" or the activation's name.
std::string_view name(UnitKind kind);

/// "depth;kind:count,...", for example "12;cache:15,gaussian:4,identity:2,sin:1": `depth` hidden layers, each
/// with the same columns in the order written, then a linear layer to the outputs.
struct Architecture {
  int depth = 1;
  std::vector<std::pair<UnitKind, int>> columns;

  int width() const;
  std::vector<UnitKind> kinds() const;  ///< one per column
  std::string text() const;
  bool operator==(const Architecture&) const = default;
};

/// Kinds keep the order written and are named once each; blanks around the parts are allowed. Throws
/// ConfigError with the place that does not parse; depth 1..1024, width 1..4096.
Architecture parse_architecture(std::string_view text);

}  // namespace skein::sgd
