#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lib/network/activation.hpp"

namespace skein {

/// What a network reads and what it gives, by name. A picture's is (x, y, d, bias) to (hue, saturation,
/// brightness); XOR's and a pole's are others. The engine fills grid inputs by these names.
struct Signature {
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  bool operator==(const Signature&) const = default;
};

/// (x, y, d, bias) -> (hue, saturation, brightness).
Signature picture_signature();

/// A *value* is an input or the output of a unit. Values are numbered: the inputs come first, then the units
/// in topological order; so unit `u` is value `input_count() + u`.
using ValueIndex = std::uint32_t;

/// Where a weight lives in the vector of weights. Edges that share a slot are tied.
using Slot = std::uint32_t;

struct Unit {
  Activation activation = Activation::identity;
  /// 1 for units fed by inputs alone; only figures and per-layer measures look at it.
  std::int32_t layer = 1;
  bool operator==(const Unit&) const = default;
};

struct Edge {
  ValueIndex source = 0;
  Slot slot = 0;
  bool operator==(const Edge&) const = default;
};

/// The structure of a feed-forward network, without its numbers: every genome, dense MLP and pruned MLP is
/// lowered to this one form. Immutable. Which edges exist is explicit: an edge whose weight is zero is still
/// an edge. There are no biases except through an input that is constant.
///
/// A unit computes activation(sum over its edges of weight[slot] * value[source]); a unit without edges
/// computes activation(0). An output is a value, taken as it is.
class Network {
 public:
  Network() = default;

  int input_count() const { return static_cast<int>(signature_.inputs.size()); }
  int output_count() const { return static_cast<int>(outputs_.size()); }
  int unit_count() const { return static_cast<int>(units_.size()); }
  int value_count() const { return input_count() + unit_count(); }
  int edge_count() const { return static_cast<int>(edges_.size()); }
  int slot_count() const { return slot_count_; }
  /// The highest layer of any unit; 0 without units.
  int depth() const;

  const Signature& signature() const { return signature_; }
  std::span<const Unit> units() const { return units_; }
  std::span<const Edge> edges() const { return edges_; }
  /// The incoming edges of unit `u`, a range of `edges()`.
  std::span<const Edge> edges_of(int u) const {
    return std::span(edges_).subspan(
        first_edge_[static_cast<std::size_t>(u)],
        first_edge_[static_cast<std::size_t>(u) + 1] - first_edge_[static_cast<std::size_t>(u)]);
  }
  /// Offsets into `edges()`: unit u owns [first_edge()[u], first_edge()[u + 1]). Size unit_count() + 1.
  std::span<const std::uint32_t> first_edge() const { return first_edge_; }
  /// One value per name in `signature().outputs`.
  std::span<const ValueIndex> outputs() const { return outputs_; }

  bool operator==(const Network&) const = default;

 private:
  friend class NetworkBuilder;
  Signature signature_;
  std::vector<Unit> units_;
  std::vector<std::uint32_t> first_edge_{0};
  std::vector<Edge> edges_;
  std::vector<ValueIndex> outputs_;
  int slot_count_ = 0;
};

/// Builds a `Network` unit by unit, in topological order.
class NetworkBuilder {
 public:
  explicit NetworkBuilder(Signature signature);

  /// Appends a unit and returns its value index. Throws ConfigError when an edge's source is not an earlier
  /// value.
  ValueIndex add_unit(Unit unit, std::span<const Edge> edges);

  /// Throws ConfigError unless there is one existing value per output name. `slot_count` may exceed the
  /// highest slot in use; 0 means one more than the highest.
  Network finish(std::vector<ValueIndex> outputs, int slot_count = 0) &&;

 private:
  Network network_;
};

}  // namespace skein
