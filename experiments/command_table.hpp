#pragma once

#include <vector>

#include "experiments/command.hpp"

namespace skein::experiments {

/// Every command, in the order of the help.
std::vector<Command> all_commands();

}  // namespace skein::experiments
