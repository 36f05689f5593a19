#pragma once

#include "experiments/jobs/training_options.hpp"
#include "experiments/runs/option_uses.hpp"

namespace CLI {
class App;
}

namespace skein::experiments {

/// Declares the flags that fill `options`, for every command that trains. With `uses` those that belong to one optimiser
/// or schedule are used with it alone; without, rows of several kinds share them.
void add_training_options(CLI::App& app, TrainingOptions& options, OptionUses* uses = nullptr);

}  // namespace skein::experiments
