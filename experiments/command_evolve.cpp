#include <CLI/CLI.hpp>
#include <cmath>
#include <filesystem>
#include <memory>

#include "experiments/command_table.hpp"
#include "experiments/evolve_outputs.hpp"
#include "experiments/evolve_plan.hpp"
#include "experiments/report.hpp"
#include "lib/parallel.hpp"
#include "neat/archive_file.hpp"
#include "neat/evolution_file.hpp"
#include "neat/gene_order.hpp"

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

Json evolve_generations(const RunFolder& run, const EvolvePlan& plan, std::uint32_t checkpoint_every,
                        const Session& session) {
  neat::Evolution evolution = resumed(run, plan, session.seed());
  run.forget_after("generation", static_cast<std::int64_t>(evolution.generation) - 1);
  const bool finished = neat::run(
      evolution, plan.settings, plan.goal,
      {.seed = session.seed(), .generations = plan.generations, .checkpoint_every = checkpoint_every},
      [&](const neat::Evolution&, const neat::GenerationStatistics& s) { run.record(metrics_line(s)); },
      [&](const neat::Evolution& now) {
        neat::write_evolution(run.file(checkpoint_name), now, plan.goal.save ? plan.goal.save() : "");
      },
      session.listener());
  if (!finished) interrupted_run(run);
  return write_evolution(run, plan, evolution);
}

Json evolve_map(const RunFolder& run, const EvolvePlan& plan, std::uint32_t checkpoint_every,
                const Session& session) {
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
       .seed = session.seed(),
       .checkpoint_every = checkpoint_every},
      plan.goal.judge,
      [&](const neat::MapElites& now) {
        record(now);
        neat::write_map(run.file(checkpoint_name), now, plan.map.axes);
      },
      session.listener());
  if (!finished) interrupted_run(run);
  record(map);
  neat::write_map(run.file("archive.map"), map, plan.map.axes);
  return write_map(run, plan, map);
}

struct MeanAndSpread {
  double mean = 0, spread = 0, most = 0;
};

MeanAndSpread summary(const std::vector<double>& values) {
  MeanAndSpread s;
  const auto count = static_cast<double>(values.size());
  for (const double value : values) s.mean += value / count, s.most = std::max(s.most, value);
  for (const double value : values) s.spread += (value - s.mean) * (value - s.mean);
  if (values.size() > 1) s.spread = std::sqrt(s.spread / (count - 1));
  return s;
}

/// A task from many seeds, the runs in parallel: how often it is solved and at what cost.
Json repeat_task(const RunFolder& run, const EvolvePlan& plan, int seeds, const Session& session) {
  std::vector<neat::Evolution> runs(static_cast<std::size_t>(seeds));
  parallel_for(runs.size(), [&](std::size_t i) {
    const std::uint64_t seed = session.seed() + i;
    runs[i] = neat::begin(plan.settings, plan.start, plan.random_weights, seed);
    neat::run(runs[i], plan.settings, plan.goal, {.seed = seed, .generations = plan.generations});
    runs[i].population.clear();
    runs[i].lineage.clear();
  });
  std::vector<double> evaluations, hidden, links;
  double generations = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Json line{{"seed", session.seed() + i},
              {"solved", runs[i].solution.has_value()},
              {"evaluations", runs[i].evaluations}};
    evaluations.push_back(static_cast<double>(runs[i].evaluations));
    generations += runs[i].generation + 1;
    if (runs[i].solution) {
      hidden.push_back(static_cast<double>(neat::hidden_count(runs[i].solution->genome)));
      links.push_back(static_cast<double>(neat::enabled_count(runs[i].solution->genome)));
      line["hidden"] = hidden.back();
      line["links"] = links.back();
    }
    run.record(line);
  }
  const auto cost = summary(evaluations), size = summary(hidden);
  return {{"solved", hidden.size() == runs.size()},
          {"seeds", seeds},
          {"solved_seeds", hidden.size()},
          {"generations", generations / seeds},
          {"evaluations", cost.mean},
          {"evaluations_sd", cost.spread},
          {"evaluations_most", cost.most},
          {"hidden", size.mean},
          {"hidden_sd", size.spread},
          {"links", summary(links).mean}};
}

Outcome evolve(const EvolveOptions& options, const Session& session) {
  const EvolvePlan plan = plan_of(options);
  RunRequest request{"evolve", plan.description, {}};
  request.settings["seed"] = session.seed();
  const RunFolder run(options.out, request, session);
  if (run.finished_result()) {
    session.say(options.out + ": already done; --force does it again");
    return {*run.finished_result(), {}};
  }
  if (run.resumed()) session.say(options.out + ": resuming");
  Json result = options.seeds > 1 ? repeat_task(run, plan, options.seeds, session)
                : plan.kind == GoalKind::map_elites
                    ? evolve_map(run, plan, options.checkpoint_every, session)
                    : evolve_generations(run, plan, options.checkpoint_every, session);
  result["out"] = options.out;
  run.keep_result(result);
  if (plan.kind != GoalKind::task) write_report({options.out}, run.file("report.html"));
  run.finish();
  return {result, {}};
}

}  // namespace

Command evolve_command() {
  return {"evolve", std::string(group_make), "evolve genomes: toward a picture, for variety, or on a task",
          "skein evolve --goal map-elites --generations 40 --out runs/map\n"
          "skein evolve --goal task:xor --out runs/xor",
          [](CLI::App& app) -> RunCommand {
            const auto options = std::make_shared<EvolveOptions>();
            options->add_options(app);
            return [options](const Session& session) { return evolve(*options, session); };
          }};
}

}  // namespace skein::experiments
