#pragma once

#include <string>
#include <vector>

#include "lib/engine/engine.hpp"
#include "lib/network/network.hpp"
#include "neat/genome/genome.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// What part a value plays: on a way to an output, computed although no output depends on it, or not there.
enum class Presence { used, unused, absent };

/// Where a value of a network stands in a figure.
struct ValuePlace {
  int layer = 0;  ///< 0 for the inputs
  int column = 0;
  std::string kind;   ///< "input", an activation, "cache" or "output"
  std::string name;   ///< an input's or output's name, a unit's node of origin; may be empty
  bool copy = false;  ///< carries a value upward and computes nothing of its own
  Presence presence = Presence::used;
};

/// A network as figures and reports show it: a table of layers (rows; the inputs are row 0) by columns
/// grouped by activation.
struct NetworkView {
  Network network;
  Weights weights;
  std::vector<ValuePlace> places;  ///< one per value
  struct Group {
    std::string kind;
    int first = 0;
    int count = 0;
  };
  std::vector<Group> groups;  ///< of the columns of hidden layers, left to right
  int layers = 0;             ///< rows, inputs and outputs included
  int columns = 0;
};

/// Layers and columns as in the MLP; the last row holds the outputs. Throws as sgd::lower does.
NetworkView view_of(const sgd::Mlp& mlp);

/// Layers as the network has them; in each, columns by activation, as many per activation as its fullest
/// layer needs. `names`, one per unit, may be empty.
NetworkView view_of(const Network& network, const Weights& weights,
                    const std::vector<std::string>& names = {});

/// A genome's phenotype, units named by their nodes.
NetworkView view_of(const neat::Phenotype& phenotype);

}  // namespace skein::experiments
