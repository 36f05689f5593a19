#pragma once

#include <vector>

#include "experiments/command.hpp"

namespace skein::experiments {

Command info_command();
Command layerize_command();
Command render_command();

/// Every command, in the order of the help.
std::vector<Command> all_commands();

}  // namespace skein::experiments
