#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/fit/training_flags.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/recursion/recursion_figures.hpp"
#include "experiments/recursion/recursion_study.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/sound_text.hpp"

namespace skein::experiments {
namespace {

struct RecursionArguments {
  RecursionStudy study;
  std::string out, arch = "rec:3(6;relu:16,tanh:8;steep-sigmoid:4)";
  TrainingOptions training{.steps = 4000};
  OptionUses uses;
};

RunRequest request_of(const RecursionArguments& o, const RecursionStudy& study, std::uint64_t seed) {
  RunRequest request{"recursion",
                     {{"arch", study.base.text()},
                      {"targets", study.targets},
                      {"size", study.size},
                      {"beyond", study.beyond},
                      {"ema", study.ema},
                      {"seed", seed}},
                     {{"seeds", study.seeds}},
                     {"networks", "recursion.csv", "r2.png", "pictures.png"}};
  o.training.add_to(request.settings);
  o.uses.strip(request.settings);
  return request;
}

/// Three digits; "n/a" of null.
std::string fixed_text(const nlohmann::ordered_json& value, int width = 0) {
  return value.is_number() ? decimal_cell(value.get<double>(), width) : "n/a";
}

/// "median (least, greatest)" of a spread.
std::string r2_text(const nlohmann::ordered_json& r2) {
  if (!r2.is_object()) return "    n/a";
  return fixed_text(r2["median"], 7) + " (" + fixed_text(r2["low"]) + ", " + fixed_text(r2["high"]) + ")";
}

std::string study_text(const nlohmann::ordered_json& targets) {
  std::string text =
      "R2 where trained and beyond: median (least, greatest) over the seeds; \"kept\" is the picture "
      "trained on, unchanged\n";
  char line[240];
  for (const auto& target : targets)
    for (const auto& arm : target["arms"]) {
      if (const std::size_t failed = arm.contains("failed") ? arm["failed"].size() : 0; failed > 0)
        text += "  " + target["name"].get<std::string>() + ", " + arm["name"].get<std::string>() + ": " +
                std::to_string(failed) + " failed: " + arm["failed"][0]["reason"].get<std::string>() + "\n";
      for (const auto& drawn : arm["drawn"]) {
        if (drawn["rounds"] < arm["trained_rounds"]) continue;
        std::snprintf(line, sizeof line, "  %s %s %5d weights, round %2d of %2d: %s, kept %s",
                      table_cell(target["name"].get<std::string>(), 12).c_str(),
                      table_cell(arm["name"].get<std::string>(), 12).c_str(), arm["parameters"].get<int>(),
                      drawn["rounds"].get<int>(), arm["trained_rounds"].get<int>(),
                      r2_text(drawn["r2"]).c_str(), fixed_text(drawn["r2_unchanged"]).c_str());
        text += line;
        if (const int lost = drawn.value("not_finite", 0); lost > 0)
          text += ", not finite in " + std::to_string(lost);
        text += "\n";
      }
    }
  return text;
}

Outcome run(RecursionArguments& o, const Session& session) {
  o.uses.check();
  RecursionStudy& study = o.study;
  study.base = sgd::parse_recursion(o.arch);
  study.training = o.training.settings(session.seed());
  study.validate();
  require_seeds(session.seed(), study.seeds);
  for (const std::string& target : study.targets) load_target(target, study.size);
  const RunFolder folder(o.out, request_of(o, study, session.seed()), session);
  if (const auto& done = folder.done_before(session)) return {*done, study_text((*done)["targets"])};
  const auto rows = run_study(study, folder, session);
  write_file(folder.file("recursion.csv"), rows_table(rows).csv());
  nlohmann::ordered_json result{
      {"targets", study_summary(study, rows)}, {"rows", rows.size()}, {"seeds", study.seeds}, {"out", o.out}};
  folder.keep_result(result);
  const auto plot = folder.file("r2.png"), sheet = folder.file("pictures.png");
  try_figure(session, plot, [&] { write_figure(plot, recursion_plots(study, rows)); });
  try_figure(session, sheet, [&] { write_figure(sheet, recursion_sheet(study, folder)); });
  folder.finish();
  return {result, study_text(result["targets"])};
}

}  // namespace

Command recursion_command() {
  return {
      "recursion", std::string(group_compare), "a block used again with tied weights, against untied ones",
      "skein recursion @fold-2,@disc --out runs/recursion --arch \"rec:2(4;relu:8)\" --steps 300 --size 32 "
      "--seeds 2",
      [](CLI::App& app) -> RunCommand {
        const auto o = std::make_shared<RecursionArguments>();
        app.add_option("TARGET,--targets", o->study.targets,
                       "pictures; @fold-K is trained at K rounds and held against @fold-(K+1) at the next")
            ->delimiter(',')
            ->required();
        app.add_option("--out", o->out, "folder of the run")->required();
        app.add_option("--arch", o->arch,
                       "rec:ROUNDS(STATE;BLOCK;HEAD), the tied one (default \"" + o->arch + "\")");
        app.add_option("--seeds", o->study.seeds, "trainings of each kind (default 3)");
        app.add_option("--beyond", o->study.beyond, "rounds drawn after those trained (default 2)");
        app.add_option("--size", o->study.size, "longer side (default 64)")->check(CLI::Range(4, 4096));
        app.add_option(
            "--ema", o->study.ema,
            "keep the mean of the weights, this much of it from before (default 0: the best weights)");
        add_training_options(app, o->training, &o->uses);
        return [o](const Session& session) { return run(*o, session); };
      }};
}

}  // namespace skein::experiments
