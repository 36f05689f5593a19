// `skein volume --practice`: its options and its run.
#include "experiments/basin/basin_book.hpp"
#include "experiments/commands/look/volume_arguments.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/jobs/training_options.hpp"
#include "experiments/practice/practice_report.hpp"
#include "experiments/practice/practice_targets.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/runs/run_folder.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

PracticeSettings practice_settings(const VolumeArguments& o, const Session& session) {
  PracticeSettings settings;
  settings.law = o.wiring;
  settings.law.density = o.density;
  settings.levels = o.levels;
  settings.widths = o.widths;
  settings.depths = o.depths;
  settings.samples = o.samples;
  settings.starts = o.starts;
  TrainingOptions training;
  training.steps = o.steps;
  settings.fit.train = training.settings(session.seed());
  settings.bar_share = o.bar_share;
  settings.factored = o.factored;
  settings.seed = session.seed();
  settings.validate();
  return settings;
}

RunRequest practice_request(const VolumeArguments& o, const Session& session) {
  RunRequest request{.command = "volume"};
  request.settings = {{"primitives", o.wiring.sources},
                      {"levels", o.levels},
                      {"copies", o.wiring.copies},
                      {"dense-first", o.wiring.dense_first},
                      {"targets", o.targets},
                      {"sketches", o.sketches},
                      {"steps", o.steps},
                      {"size", o.size},
                      {"seed", session.seed()}};
  if (o.density) request.settings["density"] = *o.density;
  else request.settings["fan-in"] = o.wiring.fan_in;
  // What a training is depends on its own cell alone, so that more of everything goes on from what is there.
  request.extendable = {{"widths", o.widths},   {"depths", o.depths},       {"starts", o.starts},
                        {"samples", o.samples}, {"bar-share", o.bar_share}, {"factored", o.factored}};
  request.files = {"practice.csv", "starts.csv",   "agreement.csv", "practice.json",
                   "practice.png", "practice.svg", "practice.pdf",  "targets"};
  return request;
}

}  // namespace

Outcome run_practice(const VolumeArguments& o, const Session& session) {
  require_seeds(session.seed(), 1);
  const PracticeSettings settings = practice_settings(o, session);
  std::vector<BasinTarget> targets;
  std::vector<std::uint64_t> sketches;
  if (o.targets.empty()) sketches = sketches_of(o.wiring.sources, o.sketches);
  else targets = labelled_targets(o.targets, o.wiring.sources, o.size);
  const RunFolder run(o.practice, practice_request(o, session), session);
  if (const auto& done = run.done_before(session)) return {*done, {}};
  if (targets.empty()) targets = sketch_targets(sketches, o.size, run.file("targets"));
  BasinBook book(run);
  const auto findings = practise(targets, settings, book.starts(), session.listener());
  if (!findings) throw Interrupted("stopped; the same command resumes " + o.practice);
  write_file(run.file("practice.csv"), practice_csv(*findings));
  write_file(run.file("starts.csv"), practice_starts_csv(*findings));
  write_file(run.file("agreement.csv"), agreement_csv(*findings));
  Outcome outcome{practice_json(*findings, settings), practice_text(*findings, settings)};
  outcome.json["core_hours"] = book.core_hours();
  outcome.json["out"] = o.practice;
  write_file(run.file("practice.json"), json_text(outcome.json, 1) + "\n");
  run.keep_result(outcome.json);
  for (const char* name : {"practice.png", "practice.svg", "practice.pdf"})
    try_figure(session, run.file(name),
               [&] { write_figure(run.file(name), practice_figure(*findings, settings)); });
  run.finish();
  return outcome;
}

CLI::Option* add_practice_options(CLI::App& app, VolumeArguments& o) {
  auto* practice = app.add_option("--practice", o.practice,
                                  "folder of a run that trains such wirings on pictures of as many parts");
  const CLI::Option* others[] = {
      app.add_option("--targets", o.targets, "labelled genomes of as many parts (default: random sketches)")
          ->delimiter(','),
      app.add_option("--sketches", o.sketches, "how many random sketches (default 4)")
          ->check(CLI::Range(1, 1000)),
      app.add_option("--starts", o.starts, "trainings of each cell and target (default 10)"),
      app.add_option("--steps", o.steps, "of each training (default 4000)")
          ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000})),
      app.add_option("--size", o.size, "side of the pictures (default 32)")->check(CLI::Range(8, 2048)),
      app.add_option("--bar-share", o.bar_share,
                     "a training arrives at this part of one colour's loss (default 0.2)"),
      app.add_option("--factored", o.factored,
                     "factored: a step touches at most so many parts, in the median (default 1.5)")};
  for (const CLI::Option* option : others)
    o.uses.only(option, "with --practice", [&o] { return !o.practice.empty(); });
  o.uses.only(others[1], "without --targets", [&o] { return o.targets.empty(); });
  return practice;
}

}  // namespace skein::experiments
