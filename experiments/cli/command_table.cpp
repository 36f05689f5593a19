#include "experiments/cli/command_table.hpp"

namespace skein::experiments {

std::vector<Command> all_commands() {
  std::vector<Command> commands;
  for (const auto make : {
           compare_command,        //
           campaign_command,       //
           regime_command,         //
           report_command,         //
           recursion_command,      //
           multi_command,          //
           train_command,          //
           evolve_command,         //
           breed_command,          //
           swarm_command,          //
           prune_command,          //
           render_command,         //
           info_command,           //
           wiring_command,         //
           score_command,          //
           judges_command,         //
           sweep_command,          //
           parts_command,          //
           subnetworks_command,    //
           circuits_command,       //
           breaks_command,         //
           rivals_command,         //
           transfer_command,       //
           robustness_command,     //
           coverage_command,       //
           polar_command,          //
           predict_depth_command,  //
           validate_command,       //
           basin_command,          //
           volume_command,         //
           layerize_command,       //
           lift_command,           //
           hide_command,           //
           export_command,         //
           reach_command,          //
           targets_command,        //
           bench_command,          //
           manual_command,         //
       })
    commands.push_back(make());
  return commands;
}

}  // namespace skein::experiments
