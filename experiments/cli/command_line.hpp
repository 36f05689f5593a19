#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/cli/command.hpp"

namespace skein::experiments {

/// The whole help of the program: what it is, the commands by what one wants to do, the flags that all take.
std::string program_help(const std::vector<Command>& commands);

/// Parses `arguments` (program name first), runs the command and prints its outcome on standard output.
/// Returns the exit code: 0 done, 2 not understood (the reason is on standard error). What the command throws
/// goes through.
int run_command_line(const std::vector<Command>& commands, const std::vector<std::string>& arguments);

/// Runs a command inside another program. `arguments`: the command's name, then its flags as on the command line.
/// Prints nothing, shows no progress and watches for no signal: the listener and `say` (a line for the user) are the
/// caller's. Throws ConfigError for arguments that are not understood; what the command throws goes through.
Outcome call_command(const std::vector<Command>& commands, const std::vector<std::string>& arguments,
                     const ProgressListener& listener, const std::function<void(std::string_view)>& say);

/// What `skein NAME --help` says. Throws ConfigError when there is no such command.
std::string command_help(const std::vector<Command>& commands, const std::string& name);

/// The parser of the whole command line, to be asked what there is.
std::shared_ptr<CLI::App> parser_of(const std::vector<Command>& commands);

}  // namespace skein::experiments
