#include "experiments/search/evolve_run.hpp"

#include <filesystem>

#include "experiments/search/evolve_outputs.hpp"
#include "neat/search/archive_file.hpp"
#include "neat/search/evolution_file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* checkpoint_name = "checkpoint";

[[noreturn]] void interrupted_run(const RunFolder& run) {
  throw Interrupted("stopped; the same command resumes " + run.path().string());
}

/// The run as its checkpoint left it, or its beginning.
neat::Evolution resumed(const RunFolder& run, const EvolvePlan& plan, std::uint64_t seed) {
  if (!std::filesystem::exists(run.file(checkpoint_name)))
    return neat::begin(plan.settings, plan.start, plan.random_weights, seed);
  auto saved = neat::read_evolution(run.file(checkpoint_name));
  if (plan.goal.restore) plan.goal.restore(saved.goal_state);
  return std::move(saved.evolution);
}

Json evolve_generations(const RunFolder& run, const EvolvePlan& plan, std::uint64_t seed,
                        std::uint32_t checkpoint_every, const Session& session) {
  neat::Evolution evolution = resumed(run, plan, seed);
  run.forget_after("generation", static_cast<std::int64_t>(evolution.generation) - 1);
  const bool finished = neat::run(
      evolution, plan.settings, plan.goal,
      {.seed = seed, .generations = plan.generations, .checkpoint_every = checkpoint_every},
      [&](const neat::Evolution&, const neat::GenerationStatistics& s) {
        Json line = metrics_line(s);
        // Fitness is novelty here; the archive is what it is measured against.
        if (plan.novelty) line["novelty"] = s.mean_fitness, line["archive"] = plan.novelty->organisms.size();
        run.record(line);
      },
      [&](const neat::Evolution& now) {
        neat::write_evolution(run.file(checkpoint_name), now, plan.goal.save ? plan.goal.save() : "");
      },
      session.listener());
  if (!finished) interrupted_run(run);
  return write_evolution(run, plan, evolution, session);
}

Json evolve_map(const RunFolder& run, const EvolvePlan& plan, std::uint64_t seed,
                std::uint32_t checkpoint_every, const Session& session) {
  neat::MapElites map;
  if (std::filesystem::exists(run.file(checkpoint_name)))
    map = neat::read_map(run.file(checkpoint_name), plan.map.axes);
  run.forget_after("evaluations", static_cast<std::int64_t>(map.evaluations));
  std::size_t recorded = map.history.size();
  const auto record = [&](const neat::MapElites& now) {
    for (; recorded < now.history.size(); ++recorded) run.record(metrics_line(now.history[recorded]));
  };
  const bool finished = neat::run(
      map, plan.map,
      {.start = plan.start,
       .random_weights = plan.random_weights,
       .seed = seed,
       .checkpoint_every = checkpoint_every},
      plan.goal.evaluate,
      [&](const neat::MapElites& now) {
        record(now);
        neat::write_map(run.file(checkpoint_name), now, plan.map.axes);
      },
      session.listener());
  if (!finished) interrupted_run(run);
  record(map);
  neat::write_map(run.file("archive.map"), map, plan.map.axes);
  return write_map(run, plan, map, session);
}

}  // namespace

RunRequest request_of(const EvolvePlan& plan) {
  return {"evolve",
          plan.description,
          {},
          {"best.genome", "best.png", "network.mlp", "genomes", "population.png", "archive.png",
           "archive.map", "phylogeny.*", "statistics.png", "results.csv", "coverage.*", "seed-*"}};
}

void forget_checkpoint(const RunFolder& run) {
  std::error_code ignored;
  std::filesystem::remove(run.file(checkpoint_name), ignored);
}

Json carry_out(const RunFolder& run, const EvolvePlan& plan, std::uint64_t seed,
               std::uint32_t checkpoint_every, const Session& session) {
  return plan.kind == GoalKind::map_elites ? evolve_map(run, plan, seed, checkpoint_every, session)
                                           : evolve_generations(run, plan, seed, checkpoint_every, session);
}

}  // namespace skein::experiments
