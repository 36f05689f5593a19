#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/training_flags.hpp"
#include "experiments/compare/compare_run.hpp"
#include "experiments/compare/method_summary.hpp"
#include "experiments/report/report.hpp"
#include "lib/picture/image.hpp"
#include "sgd/train/checkpoint.hpp"

namespace skein::experiments {
namespace {

struct CompareArguments {
  std::string target, out, offsets;
  int seeds = 0;  // 0: the budget's
  CompareSettings settings;
};

/// The target at the size that the budget allows: a small picture keeps its own.
TargetPicture sized_target(const CompareArguments& options) {
  if (options.settings.size > 0) return load_target(options.target, options.settings.size);
  TargetPicture target = load_target(options.target);
  const int most = budget_called(options.settings.budget).size;
  if (!target.net && std::max(target.picture.width, target.picture.height) <= most) return target;
  return load_target(options.target, most);
}

RunRequest request_of(const CompareArguments& options, const CompareSettings& settings,
                      const Picture& target) {
  RunRequest request{"compare", {{"target", options.target}}, {}};
  request.settings["budget"] = settings.budget;
  request.settings["size"] = std::max(target.width, target.height);
  request.settings["arch"] = settings.architecture;
  request.settings["init-scale"] = settings.initial_scale;
  request.settings["seed"] = settings.first_seed;
  settings.training.add_to(request.settings);
  request.extendable["seeds"] = settings.seeds;
  request.extendable["methods"] = settings.methods;
  request.extendable["keep"] = settings.keep;
  request.extendable["depth-offsets"] = options.offsets;
  return request;
}

nlohmann::ordered_json result_of(const CompareResults& results, const std::string& out) {
  nlohmann::ordered_json json = to_json(results);
  json["out"] = out;
  json["report"] = out + "/report.html";
  return json;
}

std::string plain_text(const CompareResults& results, const std::string& out) {
  return method_text(results) + "\n" + results.finding + "\ntables: " + out + "/methods.csv, " + out +
         "/results.csv\nreport: " + out + "/report.html\n";
}

Outcome compare(const CompareArguments& options, const Session& session) {
  CompareTask task;
  task.settings = options.settings;
  task.settings.first_seed = session.seed();
  const TargetPicture target = sized_target(options);
  if (options.seeds > 0) task.settings.seeds = options.seeds;
  else task.settings.seeds = budget_called(task.settings.budget).seeds;
  task.settings.depth_offsets = parse_offsets(options.offsets);
  if (target.net) task.evolved = as_mlp(*target.net);
  const bool has_genome = target.net && target.net->genome;
  if (task.settings.architecture.empty())
    task.settings.architecture =
        task.evolved ? sgd::architecture_of(task.evolved->wiring).text() : default_architecture;
  task.target = target.picture;
  task.run = options.out;
  const std::vector<PlannedRow> plan = plan_rows(task.settings, has_genome);
  const RunFolder run(options.out, request_of(options, task.settings, task.target), session);
  if (run.finished_result()) {
    session.say(options.out + ": already done, see " + options.out + "/report.html; --force does it again");
    const auto results = read_results(options.out);
    return {result_of(results, options.out), plain_text(results, options.out)};
  }
  if (run.resumed()) session.say(options.out + ": resuming");
  session.say("compare " + target.title + ": " + std::to_string(plan.size()) + " networks at " +
              std::to_string(task.target.width) + " x " + std::to_string(task.target.height));
  write_png(run.file("target.png"), to_image(task.target));
  CompareResults blank{.title = target.title,
                       .budget = task.settings.budget,
                       .command = shell_text(session.arguments()),
                       .width = task.target.width,
                       .height = task.target.height,
                       .finding = {},
                       .rows = {}};
  const CompareResults results = run_comparison(task, plan, std::move(blank), run, session.listener());
  run.keep_result({{"rows", results.rows.size()}, {"finding", results.finding}});
  for (const std::string& trouble : write_report({options.out}, run.file("report.html")))
    session.say("note: " + trouble);
  run.finish();
  return {result_of(results, options.out), plain_text(results, options.out)};
}

}  // namespace

Command compare_command() {
  return {
      "compare", std::string(group_compare), "every way to build a network for one target, side by side",
      "skein compare @face --out runs/face --budget quick\n"
      "skein compare GENOME --methods dense-adam,sp,lottery,wanda,llm-pruner,magnitude,random,shuffle \\\n"
      "    --keep 1404,473 --steps 20000 --size 256 --out runs/table",
      [](CLI::App& app) -> RunCommand {
        const auto o = std::make_shared<CompareArguments>();
        o->settings.training.steps = 0;
        app.add_option("TARGET,--target", o->target, "a network or @name to draw, or a PNG or JPEG")
            ->required();
        app.add_option("--out", o->out, "folder of the run")->required();
        app.add_option("--budget", o->settings.budget, "quick, standard (default) or paper")
            ->check(CLI::IsMember({"quick", "standard", "paper"}));
        app.add_option("--seeds", o->seeds, "of everything random (default: the budget's)")
            ->check(CLI::Range(1, 10'000));
        app.add_option("--methods", o->settings.methods,
                       "some of the rows, by name, NAME:lr=1e-3:schedule=cosine for a variant (default: the "
                       "budget's)")
            ->delimiter(',');
        app.add_option("--keep", o->settings.keep,
                       "weights of the pruned rows: counts, or fractions with a decimal point "
                       "(default: 0.256,0.086; quick: 0.256)")
            ->delimiter(',');
        app.add_option("--depth-offsets", o->offsets, "-2..2: dense rows at other depths too");
        app.add_option("--arch", o->settings.architecture, "of the dense rows (default: the target's own)");
        app.add_option("--size", o->settings.size, "longer side in pixels (default: the budget's)")
            ->check(CLI::Range(1, largest_image_side));
        app.add_option("--init-scale", o->settings.initial_scale, "times the LeCun-normal width (default 1)")
            ->check(CLI::PositiveNumber);
        add_training_options(app, o->settings.training);
        return [o](const Session& session) { return compare(*o, session); };
      }};
}

}  // namespace skein::experiments
