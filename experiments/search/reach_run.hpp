#pragma once

#include <string>
#include <vector>

#include "experiments/runs/run_folder.hpp"
#include "experiments/search/reach_table.hpp"

namespace skein::experiments {

/// What searches are compared at, and how.
struct ReachPlan {
  std::vector<std::string> targets;  ///< what the command line names; none: all built-in ones
  std::vector<std::string> arms{"target-driven", "open-ended"};
  SearchSettings search{};
  int seeds = 3;         ///< searches of each kind per target
  int size = 64;         ///< pixels a side
  double reached = 0.1;  ///< error below which a target counts as reached
  bool score = false;    ///< the compositional score of what was found
};

/// What the run is asked to do.
RunRequest request_of(const ReachPlan& plan, std::uint64_t seed);

/// The pictures and the kinds of search, no trial made yet. Throws ConfigError for a target that is given twice or is
/// not square, and for an arm that there is not.
ReachTable reach_table(const ReachPlan& plan);

/// Where in the run the nearest genome of a trial is kept.
std::string reach_genome_file(const ReachTable& table, const Trial& trial);

/// Searches as planned, without those that an earlier start finished; genomes in RUN/genomes, a line per trial in
/// metrics.jsonl, all of them in results.csv. Throws Interrupted when the session is asked to stop; the same call then
/// goes on.
ReachTable reach_targets(const RunFolder& run, const ReachPlan& plan, ReachTable table,
                         const Session& session);

}  // namespace skein::experiments
