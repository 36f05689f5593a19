#pragma once

#include <string>

#include "experiments/families/coverage.hpp"
#include "experiments/parts/parts_target.hpp"

namespace CLI {
class App;
}

namespace skein::experiments {

/// Declares TARGET, --out and --labels, for every command that draws a genome's parts in combinations.
void add_family_options(CLI::App& app, PartsArguments& parts, std::string& out);

/// Declares how the students of such a family are made: --layers, --steps, --batch, --size and --lr.
void add_student_options(CLI::App& app, CoverageSettings& students);

}  // namespace skein::experiments
