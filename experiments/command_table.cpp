#include "experiments/command_table.hpp"

namespace skein::experiments {

std::vector<Command> all_commands() {
  return {
      render_command(),
      info_command(),
      layerize_command(),
  };
}

}  // namespace skein::experiments
