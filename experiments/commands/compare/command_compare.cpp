#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/compare/compare_run.hpp"
#include "experiments/compare/method_summary.hpp"
#include "experiments/fit/training_flags.hpp"
#include "experiments/jobs/recursion_arm.hpp"
#include "experiments/report/report.hpp"
#include "experiments/rows/depth_axis.hpp"
#include "experiments/runs/option_uses.hpp"
#include "lib/picture/image.hpp"
#include "sgd/train/checkpoint.hpp"

namespace skein::experiments {
namespace {

struct CompareArguments {
  std::string target, out, offsets, circuits;
  int seeds = 0;  // 0: the budget's
  CompareSettings settings;
  OptionUses uses;
  /// What some row of the plan does, which decides what options are used.
  bool warms_up = false, uses_muon = false, recurses = false;
};

void look_at(const RowPlan& plan, const CompareSettings& settings, CompareArguments& options) {
  for (const PlannedRow& row : plan.rows) {
    const TrainingOptions training = options_of(settings, row.key).training;
    options.warms_up |= training.schedule == "warmup-cosine";
    options.uses_muon |= training.optimizer == "muon";
    options.recurses |= find_method(row.key.method)->arm.has_value();
  }
}

RunRequest request_of(const CompareArguments& options, const CompareSettings& settings, const Picture& target,
                      std::uint64_t first_seed) {
  RunRequest request{"compare", {{"target", options.target}}, {}};
  const RowOptions& row = settings.options;
  request.settings["budget"] = settings.budget;
  request.settings["size"] = std::max(target.width, target.height);
  request.settings["arch"] = row.architecture;
  request.settings["init-scale"] = row.initial_scale;
  if (row.recursion != default_recursion) request.settings["recursion"] = row.recursion;
  request.settings["seed"] = first_seed;
  row.training.add_to(request.settings);
  if (row.bar > 0) request.settings["bar"] = row.bar;
  if (row.circuits != RowOptions{}.circuits) request.settings["circuits"] = row.circuits;
  request.extendable["seeds"] = settings.seeds.size();
  request.extendable["methods"] = settings.methods;
  request.extendable["keep"] = settings.keep;
  request.extendable["depth-offsets"] = options.offsets;
  request.files = {"rows",
                   "parents",
                   "target.png",
                   "results.csv",
                   "results.json",
                   "methods.csv",
                   "report.html",
                   "cross_participation.json",
                   "circuit_ratios.csv",
                   "equal_loss.csv",
                   "equal_loss_controls.csv"};
  return request;
}

nlohmann::ordered_json result_of(const CompareResults& results, const Analysis& analysis,
                                 const std::string& out) {
  nlohmann::ordered_json json = to_json(results, analysis);
  json["out"] = out;
  json["report"] = out + "/report.html";
  return json;
}

std::string plain_text(const Analysis& analysis, const std::string& out) {
  return method_text(analysis) + "\n" + analysis.finding() + "\ntables: " + out + "/methods.csv, " + out +
         "/results.csv\nreport: " + out + "/report.html\n";
}

Outcome outcome_of(const std::string& out) {
  const CompareResults results = read_results(out);
  const Analysis analysis = analyse(results.rows);
  return {result_of(results, analysis, out), plain_text(analysis, out)};
}

Outcome compare(CompareArguments& options, const Session& session) {
  CompareSettings settings = options.settings;
  const Budget& budget = budget_called(settings.budget);
  TargetShelf targets(settings.options.size, budget.size);
  const RowTarget& target = targets.at(targets.add(options.target));
  settings.seeds = seeds_from(session.seed(), options.seeds != 0 ? options.seeds : budget.seeds);
  settings.methods = rejoined_brackets(settings.methods);
  settings.options.recursion = parse_base_recursion(settings.options.recursion).text();
  settings.depth_offsets = parse_offsets(options.offsets);
  settings.options.circuits = !options.circuits.empty()    ? options.circuits
                              : settings.budget == "paper" ? "on"
                                                           : "off";
  if (settings.options.architecture.empty()) settings.options.architecture = target.architecture;
  const RowPlan plan =
      plan_rows(settings, {{target.name, target.has_genome(), settings.options.architecture}});
  look_at(plan, settings, options);
  options.uses.check();
  const RunFolder run(options.out, request_of(options, settings, target.picture, session.seed()), session);
  if (run.finished_result()) {
    session.say(options.out + ": already done, see " + options.out + "/report.html; --force does it again");
    return outcome_of(options.out);
  }
  if (run.resumed()) {
    refuse_old_rows(options.out);
    session.say(options.out + ": resuming");
  }
  session.say("compare " + target.name + ": " + std::to_string(plan.rows.size()) + " networks at " +
              std::to_string(target.picture.width) + " x " + std::to_string(target.picture.height));
  write_png(run.file("target.png"), to_image(target.picture));
  const RowContext context = context_of(settings, options.out, targets, false);
  const RunAbout about{target.name,          settings.budget,       shell_text(session.arguments()),
                       target.picture.width, target.picture.height, false};
  const Analysis analysis = run_comparison(context, plan, about, run, session.listener());
  run.keep_result({{"rows", plan.rows.size()}, {"finding", analysis.finding()}});
  for (const std::string& trouble : write_report({options.out}, run.file("report.html")))
    session.say("note: " + trouble);
  run.finish();
  return outcome_of(options.out);
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
        o->settings.options.training.steps = 0;
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
        app.add_option("--arch", o->settings.options.architecture,
                       "of the dense rows (default: the target's own)");
        const CLI::Option* recursion = app.add_option(
            "--recursion", o->settings.options.recursion,
            "of the rows tied, untied and untied-deep (default: " + std::string(default_recursion) + ")");
        app.add_option("--size", o->settings.options.size, "longer side in pixels (default: the budget's)")
            ->check(CLI::Range(1, largest_image_side));
        app.add_option("--init-scale", o->settings.options.initial_scale,
                       "times the LeCun-normal width (default 1)")
            ->check(CLI::PositiveNumber);
        app.add_option("--bar", o->settings.options.bar,
                       "networks are taken when they first come under this loss (default: at the last step)")
            ->check(CLI::PositiveNumber);
        app.add_option("--circuits", o->circuits,
                       "look for the circuit of each labelled part: edges; with pieces, which take longer: "
                       "on; or off "
                       "(default: on for paper, else off)")
            ->check(CLI::IsMember({"off", "edges", "on"}));
        add_training_options(app, o->settings.options.training);
        const CompareArguments* seen = o.get();
        o->uses.only(app.get_option("--warmup"), "where a row's schedule is warmup-cosine",
                     [seen] { return seen->warms_up; });
        for (const char* name : {"--newton-schulz", "--newton-schulz-coefficients"})
          o->uses.only(app.get_option(name), "where a row is trained with Muon",
                       [seen] { return seen->uses_muon; });
        o->uses.only(recursion, "where a row is a recursion (tied, untied, untied-deep)",
                     [seen] { return seen->recurses; });
        return [o](const Session& session) { return compare(*o, session); };
      }};
}

}  // namespace skein::experiments
