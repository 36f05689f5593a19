#pragma once

#include <string>

#include "experiments/cli/command_pages.hpp"

namespace skein::experiments {

/// Scripts that complete commands, options, their choices and the built-in targets, and files where a file may stand.
/// bash: needs no package beside bash itself. zsh: for a folder of $fpath, as _skein. fish: for a completions folder.
std::string bash_completion(const ProgramPages& pages);
std::string zsh_completion(const ProgramPages& pages);
std::string fish_completion(const ProgramPages& pages);

}  // namespace skein::experiments
