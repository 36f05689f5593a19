#pragma once

#include <vector>

#include "experiments/cli/command.hpp"

namespace skein::experiments {

Command basin_command();
Command bench_command();
Command breaks_command();
Command breed_command();
Command circuits_command();
Command compare_command();
Command campaign_command();
Command coverage_command();
Command polar_command();
Command evolve_command();
Command export_command();
Command hide_command();
Command info_command();
Command judges_command();
Command layerize_command();
Command lift_command();
Command manual_command();
Command multi_command();
Command parts_command();
Command predict_depth_command();
Command prune_command();
Command reach_command();
Command recursion_command();
Command regime_command();
Command render_command();
Command report_command();
Command robustness_command();
Command rivals_command();
Command score_command();
Command subnetworks_command();
Command swarm_command();
Command sweep_command();
Command targets_command();
Command train_command();
Command transfer_command();
Command validate_command();
Command volume_command();
Command wiring_command();

/// Every command, in the order of the help.
std::vector<Command> all_commands();

}  // namespace skein::experiments
