#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/engine/engine.hpp"
#include "lib/network/network.hpp"
#include "lib/network/weight_layout.hpp"
#include "sgd/mlp/architecture.hpp"

namespace skein::sgd {

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
/// layer depth + 1. The edges of a unit stand in the order in which the genome's own network adds them up, as
/// far as origins are known, so that layering changes no rounding (but for a last bit where the genome has identity nodes,
/// which drawing folds away, or parallel links, whose weights become one). Throws as `validate` does.
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

/// The same MLP with only the weights that `keep` (one flag per slot) marks; every vector follows. A unit
/// that reached an output before and reaches none now loses its origin: it is that node no longer.
Mlp restrict_to(const Mlp& mlp, const std::vector<std::uint8_t>& keep);

}  // namespace skein::sgd
