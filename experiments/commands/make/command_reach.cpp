#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/runs/option_uses.hpp"
#include "experiments/search/reach_sheet.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

struct ReachArguments {
  std::string out;
  ReachPlan plan;
  std::optional<double> add_link, add_node;
  OptionUses uses;
};

Outcome reach(ReachArguments arguments, const Session& session) {
  arguments.uses.check();
  ReachPlan& plan = arguments.plan;
  ReachTable table = reach_table(plan);
  if (arguments.add_link) plan.search.variation.mutation.add_link = *arguments.add_link;
  if (arguments.add_node) plan.search.variation.mutation.add_node = *arguments.add_node;
  neat::validate(plan.search.variation);
  require_seeds(session.seed(), plan.seeds);
  if (!(plan.search.fit.learning_rate > 0)) throw ConfigError("--gradient-rate must be above 0");
  const RunFolder run(arguments.out, request_of(plan, session.seed()), session);
  if (const auto& done = run.done_before(session)) return {*done, {}};
  table = reach_targets(run, plan, std::move(table), session);
  nlohmann::ordered_json result = summary(table);
  result["out"] = arguments.out;
  run.keep_result(result);
  const auto curves = run.file("reach.png"), sheet = run.file("nearest.png");
  try_figure(session, curves, [&] { write_figure(curves, reach_figure(table)); });
  try_figure(session, sheet, [&] { write_figure(sheet, reach_sheet(run, table)); });
  run.finish();
  return {result, {}};
}

void add_options(CLI::App& app, ReachArguments& o) {
  app.add_option("--out", o.out, "folder of the run")->required();
  app.add_option("--targets", o.plan.targets, "pictures to reach (default: all built-in ones)")
      ->delimiter(',');
  app.add_option("--arms", o.plan.arms,
                 "searches to compare: target-driven, open-ended, lamarckian, baldwinian, same-pixels, "
                 "same-work (default: the first two)")
      ->delimiter(',');
  app.add_option("--evaluations", o.plan.search.evaluations, "of each search (default 15000)")
      ->check(CLI::Range(1, 100'000'000));
  app.add_option("--seeds", o.plan.seeds, "searches of each kind per target (default 3)")
      ->check(CLI::Range(1, 1000));
  const CLI::Option* steps =
      app.add_option("--gradient-steps", o.plan.search.fit.steps, "of the fitted arms (default 10)")
          ->check(CLI::Range(1, 100'000));
  const CLI::Option* rate = app.add_option("--gradient-rate", o.plan.search.fit.learning_rate,
                                           "learning rate of the fit (default 0.03)")
                                ->check(CLI::PositiveNumber);
  app.add_option("--add-link", o.add_link, "rate of that mutation, in every arm")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--add-node", o.add_node, "rate of that mutation, in every arm")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--levels", o.plan.search.levels, "nearness at so many halvings of the search (default 5)")
      ->check(CLI::Range(1, 20));
  app.add_option("--size", o.plan.size, "pixels a side (default 64)")->check(CLI::Range(8, 1024));
  app.add_option("--reached", o.plan.reached, "error below which a target counts as reached (default 0.1)")
      ->check(CLI::Range(0.0, 1.0));
  app.add_flag("--score", o.plan.score, "the compositional score of what was found");
  const auto some = [&o](auto wanted) { return std::ranges::any_of(o.plan.arms, wanted); };
  o.uses.only(steps, "with an arm that is fitted, or counts the work of one", [some] {
    return some([](const std::string& arm) { return arm != "target-driven" && arm != "open-ended"; });
  });
  o.uses.only(rate, "with an arm that is fitted (lamarckian, baldwinian)", [some] {
    return some([](const std::string& arm) { return arm == "lamarckian" || arm == "baldwinian"; });
  });
}

}  // namespace

Command reach_command() {
  return {"reach", std::string(group_make),
          "how near do searches come to a picture? aimed, open-ended, with gradient",
          "skein reach --out runs/reach --targets @face,@disc --evaluations 3000 --seeds 2\n"
          "skein reach --out runs/hybrid --targets @face,@flower,@sunset --size 32 --evaluations 1500 "
          "--arms target-driven,lamarckian,baldwinian,same-pixels,same-work --seeds 5 --score",
          [](CLI::App& app) -> RunCommand {
            const auto options = std::make_shared<ReachArguments>();
            add_options(app, *options);
            return [options](const Session& session) { return reach(*options, session); };
          }};
}

}  // namespace skein::experiments
