#pragma once

#include "experiments/measures/evidence.hpp"

namespace CLI {
class App;
}

namespace skein::experiments {

/// The flags that say how a network is looked at, for every command that scores.
void add_score_options(CLI::App& app, ScoreSettings& settings);

}  // namespace skein::experiments
