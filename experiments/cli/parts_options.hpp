#pragma once

#include <string>

#include "experiments/parts/parts_target.hpp"

namespace CLI {
class App;
}

namespace skein::experiments {

/// Declares --labels and --regions, for every command that looks at parts.
void add_parts_options(CLI::App& app, PartsArguments& arguments);

/// Declares NET, --target and the two above, for every command that looks for parts inside a network.
void add_parts_of_network(CLI::App& app, std::string& net, PartsArguments& parts);

}  // namespace skein::experiments
