#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/report/report.hpp"
#include "experiments/search/evolve_run.hpp"

namespace skein::experiments {
namespace {

nlohmann::ordered_json repeat(const RunFolder& run, const EvolvePlan& plan, const EvolveOptions& options,
                              const Session& session) {
  return plan.kind == GoalKind::task
             ? repeat_task(run, plan, options.seeds, session)
             : repeat_map(run, plan, options.seeds, options.checkpoint_every, session);
}

bool holds_one_map(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / "archive.map") || std::filesystem::exists(folder / "checkpoint");
}

Outcome evolve(const EvolveOptions& options, const Session& session) {
  const EvolvePlan plan = plan_of(options);
  const bool repeated = options.seeds > 1;
  require_seeds(session.seed(), options.seeds);
  RunRequest request = request_of(plan);
  request.settings["seed"] = session.seed();
  // More seeds may be added to a map's later; each is a run of its own.
  const bool grows = repeated && plan.kind == GoalKind::map_elites;
  (grows ? request.extendable : request.settings)["seeds"] = options.seeds;
  if (grows && !session.force() && holds_one_map(options.out))
    throw ConfigError(options.out +
                      ": holds a map of one seed; give another folder, or --force to replace it");
  const RunFolder run(options.out, request, session);
  if (run.finished_result()) {
    forget_checkpoint(run);
    session.say(options.out + ": already done; --force does it again");
    return {*run.finished_result(), {}};
  }
  if (run.resumed()) session.say(options.out + ": resuming");
  nlohmann::ordered_json result =
      repeated ? repeat(run, plan, options, session)
               : carry_out(run, plan, session.seed(), options.checkpoint_every, session);
  result["out"] = options.out;
  run.keep_result(result);
  if (plan.kind != GoalKind::task && !repeated)
    try_figure(session, run.file("report.html"),
               [&] { write_report({options.out}, run.file("report.html")); });
  run.finish();
  forget_checkpoint(run);
  return {result, {}};
}

}  // namespace

Command evolve_command() {
  return {"evolve", std::string(group_make), "evolve genomes: toward a picture, for variety, or on a task",
          "skein evolve --goal map-elites --generations 40 --out runs/map\n"
          "skein evolve --goal task:xor --seeds 100 --out runs/xor",
          [](CLI::App& app) -> RunCommand {
            const auto options = std::make_shared<EvolveOptions>();
            options->add_options(app);
            return [options](const Session& session) { return evolve(*options, session); };
          }};
}

}  // namespace skein::experiments
