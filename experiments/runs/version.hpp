#pragma once

#include <string>

#include "lib/base/version.hpp"

namespace skein::experiments {

/// What this binary was built with: compiler and build type.
std::string build_text();

/// "skein 0.1.0 (GNU 12.2.0, Release)".
std::string version_text();

/// The machine instructions that the engine uses here.
std::string instruction_set_text();

}  // namespace skein::experiments
