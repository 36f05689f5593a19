#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/engine/engine.hpp"
#include "lib/network/weight_layout.hpp"
#include "sgd/train/newton_schulz.hpp"

namespace skein::sgd {

/// Kingma and Ba 2015, algorithm 1.
struct Adam {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  bool operator==(const Adam&) const = default;
};

/// Gradient descent with momentum: velocity = momentum * velocity + gradient (Polyak 1964; Nesterov's variant
/// as Sutskever et al. 2013).
struct Momentum {
  double momentum = 0.9;
  bool nesterov = false;
  bool operator==(const Momentum&) const = default;
};

/// Jordan et al. 2024: the momentum of each hidden layer's matrix (rows are the outputs) is orthogonalised
/// and scaled by sqrt(max(1, rows / columns)). The first and the last layer go by Adam at the same rate.
/// Where a layer is masked, the update is projected onto its mask.
struct Muon {
  double momentum = 0.95;
  bool nesterov = true;
  int newton_schulz_steps = 5;
  NewtonSchulzCoefficients coefficients = NewtonSchulzCoefficients::usual;
  Adam adam = {};
  bool operator==(const Muon&) const = default;
};

using OptimizerSettings = std::variant<Adam, Momentum, Muon>;

/// "adam", "sgd" or "muon".
std::string_view name(const OptimizerSettings& settings);
/// The defaults of the one so called. Throws ConfigError that lists the names.
OptimizerSettings parse_optimizer(std::string_view text);
/// Throws ConfigError.
void validate(const OptimizerSettings& settings);

/// What an optimiser remembers between steps; a plain value, one number per slot in each vector.
struct OptimizerState {
  std::int64_t step = 0;
  std::vector<double> first;   ///< mean of the gradients, or the velocity
  std::vector<double> second;  ///< mean of their squares; empty for Momentum
  bool operator==(const OptimizerState&) const = default;
};

/// Turns gradients into steps. Holds only what the wiring fixes; the moving parts are in OptimizerState.
/// Slots that are not trainable are never written.
class Optimizer {
 public:
  /// `trainable`: one flag per slot, empty for all. `layout` may be empty unless Muon is asked for. Throws
  /// ConfigError when the sizes do not agree.
  Optimizer(OptimizerSettings settings, std::size_t slots, WeightLayout layout = {},
            std::vector<std::uint8_t> trainable = {});

  OptimizerState start() const;
  /// One step at a learning rate. The arithmetic is in double; weights are rounded to float at the end.
  void step(OptimizerState& state, double rate, std::span<const float> gradient,
            std::span<float> weights) const;

 private:
  struct Hidden {
    MatrixShape shape;
    std::size_t first = 0, last = 0;  ///< its slots
  };
  void step_muon(const Muon& muon, const Hidden& layer, OptimizerState& state, double rate,
                 std::span<const float> gradient, std::span<float> weights) const;

  OptimizerSettings settings_;
  WeightLayout layout_;
  std::vector<std::uint8_t> trainable_;  ///< one per slot
  std::vector<Hidden> hidden_;           ///< layers that Muon takes
  std::vector<std::uint8_t> by_muon_;    ///< one per slot
};

}  // namespace skein::sgd
