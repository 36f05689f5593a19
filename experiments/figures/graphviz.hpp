#pragma once

#include <string>

#include "lib/engine/engine.hpp"
#include "neat/genome/genome.hpp"

namespace skein::experiments {

/// The wiring in Graphviz's language: one node per unit that takes part, ranked by layer, one arrow per
/// existing weight, its width by size and its colour by sign. With `genome`, whose phenotype `network` is,
/// units are named by the nodes they compute.
std::string graphviz_text(const Network& network, const Weights& weights, const std::string& title,
                          const neat::Genome* genome = nullptr);

}  // namespace skein::experiments
