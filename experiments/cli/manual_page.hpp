#pragma once

#include <string>

#include "experiments/cli/command_pages.hpp"

namespace skein::experiments {

/// The program's manual page, in the man macros of roff: a section for each group of commands, with each command's
/// arguments, options and example.
std::string manual_page(const ProgramPages& pages);

}  // namespace skein::experiments
