#pragma once

#include <span>

#include "neat/genome/genome.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::bridge {

/// A network reduced to the wiring that matters, so that genomes and layered MLPs can be compared as graphs:
/// weights that are zero are left out, identity units that read one value alone (copies, scaled ones too) are
/// contracted, outputs included, units that can only be zero and units that reach no output are gone. Units
/// compute what they computed; an output may have been replaced by the value it scales.
struct PlainWiring {
  Network network;  ///< layers are longest paths
  Weights weights;  ///< one per edge, none is zero; links that became one are summed
};

PlainWiring plain_wiring(const neat::Genome& genome);
PlainWiring plain_wiring(const sgd::Mlp& mlp);
PlainWiring plain_wiring(const Network& network, std::span<const float> weights);

}  // namespace skein::bridge
