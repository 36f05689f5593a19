#pragma once

#include <string>
#include <vector>

#include "experiments/cli/command.hpp"

namespace skein::experiments {

/// The whole help of the program: what it is, the commands by what one wants to do, the flags that all take.
std::string program_help(const std::vector<Command>& commands);

/// Parses `arguments` (program name first), runs the command and prints its outcome on standard output.
/// Returns the exit code: 0 done, 2 not understood (the reason is on standard error). What the command throws
/// goes through.
int run_command_line(const std::vector<Command>& commands, const std::vector<std::string>& arguments);

}  // namespace skein::experiments
