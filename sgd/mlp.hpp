#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/engine.hpp"
#include "lib/network.hpp"
#include "lib/weight_layout.hpp"

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

/// Which node of a genome a unit computes, and whether it only carries a copy of it upward.
struct UnitOrigin {
  std::int32_t branch = 0;
  std::int32_t id = 0;
  bool copy = false;
  bool operator==(const UnitOrigin&) const = default;
};

struct MlpUnit {
  UnitKind kind;
  std::optional<UnitOrigin> origin;  ///< nothing for units that no genome node became
  bool operator==(const MlpUnit&) const = default;
};

/// Which weights of a layered MLP exist. Layer l has a matrix of shape (units of layer l, units of layer
/// l-1); the last is (outputs, units of the last hidden layer). Only existing weights have a slot.
struct Wiring {
  Signature signature;
  std::vector<std::vector<MlpUnit>> hidden;      ///< hidden[l][column]
  std::vector<std::vector<std::uint8_t>> masks;  ///< hidden.size() + 1 masks, row-major (out, in), 0 or 1
  /// Same shape: 1 where the weight is a copy's carrying link (weight 1 in an exact layerisation).
  std::vector<std::vector<std::uint8_t>> copies;
  std::vector<UnitOrigin> inputs;  ///< which node each input is; empty when no genome is known

  int depth() const { return static_cast<int>(hidden.size()); }
  MatrixShape shape(int layer) const;
  int weight_count() const;  ///< existing weights
  bool operator==(const Wiring&) const = default;
};

/// Throws ConfigError when masks do not fit the layers, a copy is marked where no weight exists, or the size
/// is out of bounds (1024 layers, 4096 columns, 2^26 places).
void validate(const Wiring& wiring);

/// Every weight exists and none is a copy. Throws ConfigError over 2^26 weights.
Wiring dense_wiring(const Architecture& architecture, const Signature& signature);

/// The smallest architecture that holds the wiring: per kind the most units in any layer, kinds sorted by
/// name.
Architecture architecture_of(const Wiring& wiring);

/// The network that computes the wiring, with slots in the order (layer, row, column) of existing weights.
/// Values: the inputs, then layer after layer in the order of columns, then the outputs as identity units of
/// layer depth + 1. Throws as `validate` does.
struct Lowered {
  Network network;
  WeightLayout layout;
};
Lowered lower(const Wiring& wiring);

/// One flag per slot: 0 for copies' weights.
std::vector<std::uint8_t> trainable_without_copies(const Wiring& wiring);

/// A wiring with its numbers and what rewinding needs. Vectors are indexed by slot.
struct Mlp {
  Wiring wiring;
  Weights weights;
  Weights initial;  ///< weights before training; empty when unknown
  Weights rewind;   ///< weights at step `rewind_step`; empty when none was kept
  std::int64_t rewind_step = 0;
  bool operator==(const Mlp&) const = default;
};

/// Throws ConfigError as for its wiring, or when a vector of weights does not have one number per slot.
void validate(const Mlp& mlp);

/// The same MLP with only the weights that `keep` (one flag per slot) marks; every vector follows.
Mlp restrict_to(const Mlp& mlp, const std::vector<std::uint8_t>& keep);

}  // namespace skein::sgd
