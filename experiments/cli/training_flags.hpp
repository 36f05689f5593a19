#pragma once

#include "experiments/runs/training_options.hpp"

namespace CLI {
class App;
}

namespace skein::experiments {

/// Declares the flags that fill `options`, for every command that trains.
void add_training_options(CLI::App& app, TrainingOptions& options);

}  // namespace skein::experiments
