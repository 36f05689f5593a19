#pragma once

#include "experiments/parts/parts_target.hpp"

namespace CLI {
class App;
}

namespace skein::experiments {

/// Declares --labels and --regions, for every command that looks at parts.
void add_parts_options(CLI::App& app, PartsArguments& arguments);

}  // namespace skein::experiments
