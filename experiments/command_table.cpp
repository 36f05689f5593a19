#include "experiments/command_table.hpp"

namespace skein::experiments {

std::vector<Command> all_commands() {
  return {
      compare_command(), train_command(),    render_command(),
      info_command(),    layerize_command(), export_command(),
  };
}

}  // namespace skein::experiments
