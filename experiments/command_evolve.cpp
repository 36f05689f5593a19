#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/command_table.hpp"
#include "experiments/evolve_run.hpp"
#include "experiments/report.hpp"

namespace skein::experiments {
namespace {

nlohmann::ordered_json repeat(const RunFolder& run, const EvolvePlan& plan, const EvolveOptions& options,
                              const Session& session) {
  return plan.kind == GoalKind::task
             ? repeat_task(run, plan, options.seeds, session)
             : repeat_map(run, plan, options.seeds, options.checkpoint_every, session);
}

Outcome evolve(const EvolveOptions& options, const Session& session) {
  const EvolvePlan plan = plan_of(options);
  const bool repeated = options.seeds > 1;
  RunRequest request{"evolve", plan.description, {}};
  request.settings["seed"] = session.seed();
  request.settings["seeds"] = options.seeds;
  const RunFolder run(options.out, request, session);
  if (run.finished_result()) {
    session.say(options.out + ": already done; --force does it again");
    return {*run.finished_result(), {}};
  }
  if (run.resumed()) session.say(options.out + ": resuming");
  nlohmann::ordered_json result =
      repeated ? repeat(run, plan, options, session)
               : carry_out(run, plan, session.seed(), options.checkpoint_every, session);
  result["out"] = options.out;
  run.keep_result(result);
  if (plan.kind != GoalKind::task && !repeated) write_report({options.out}, run.file("report.html"));
  run.finish();
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
