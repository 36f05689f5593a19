#pragma once

#include <cstdint>
#include <vector>

#include "lib/engine/engine.hpp"
#include "neat/genome/genome.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// A network as the measures see it: what it computes, and which of its weights and units are its own, not
/// carriers of another's value. Every kind of NET becomes one, so every measure runs on any of them.
struct Subject {
  Network network;  ///< with the picture signature
  Weights weights;
  std::vector<std::uint8_t>
      movable;  ///< per slot: not a copy's weight, and on a path from an input to an output
  std::vector<std::uint8_t> counted;  ///< per unit: not a copy nor an output's relay, and on such a path

  std::vector<Slot> slots() const;        ///< the movable ones, ascending
  std::vector<ValueIndex> units() const;  ///< the counted ones' values, ascending
};

/// A masked MLP; copies are those that the wiring marks, and those of any network.
Subject subject_of(const sgd::Mlp& mlp);

/// A genome is looked at as its layerised MLP, so that it meets the others in one form.
Subject subject_of(const neat::Genome& genome);

/// Any network. A unit with the identity activation and a single incoming weight of exactly 1 or -1 is a
/// copy. Throws ConfigError when it does not draw pictures or the weights do not fit.
Subject subject_of(Network network, Weights weights);

}  // namespace skein::experiments
