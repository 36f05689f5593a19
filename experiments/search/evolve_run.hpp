#pragma once

#include "experiments/search/evolve_plan.hpp"

namespace skein::experiments {

/// What an evolution is asked to do, seeds apart.
RunRequest request_of(const EvolvePlan& plan);

/// Of a finished run: its checkpoint would tell only when it was last stopped.
void forget_checkpoint(const RunFolder& run);

/// Evolves as planned, from the run's checkpoint where there is one, and writes what came of it. Returns what
/// the command prints. Throws Interrupted when the session is asked to stop; the same call then goes on.
nlohmann::ordered_json carry_out(const RunFolder& run, const EvolvePlan& plan, std::uint64_t seed,
                                 std::uint32_t checkpoint_every, const Session& session);

/// A task from many seeds, the runs in parallel: how often it is solved, at what cost and with how many
/// hidden nodes, mean and spread; the single runs in metrics.jsonl and results.csv.
nlohmann::ordered_json repeat_task(const RunFolder& run, const EvolvePlan& plan, int seeds,
                                   const Session& session);

/// A map from many seeds, each an ordinary run in seed-N, those that are finished kept: filled cells and the
/// sum of qualities over time, mean and range, in coverage.csv and coverage.png.
nlohmann::ordered_json repeat_map(const RunFolder& run, const EvolvePlan& plan, int seeds,
                                  std::uint32_t checkpoint_every, const Session& session);

}  // namespace skein::experiments
