#include "experiments/command_table.hpp"

namespace skein::experiments {

std::vector<Command> all_commands() { return {}; }

}  // namespace skein::experiments
