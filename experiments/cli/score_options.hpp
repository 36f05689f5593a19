#pragma once

#include "experiments/measures/evidence.hpp"
#include "experiments/nets/net.hpp"

namespace CLI {
class App;
}

namespace skein::experiments {

/// The flags that say how a network is looked at, for every command that scores.
void add_score_options(CLI::App& app, ScoreSettings& settings);

/// A network as the measures see it: a genome as its layerised MLP.
Subject subject_of(const Net& net);

}  // namespace skein::experiments
