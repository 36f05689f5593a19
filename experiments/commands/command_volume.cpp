#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "experiments/basin/basin_book.hpp"
#include "experiments/cli/command_table.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/jobs/training_options.hpp"
#include "experiments/practice/practice_report.hpp"
#include "experiments/practice/practice_targets.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/runs/option_uses.hpp"
#include "experiments/runs/run_folder.hpp"
#include "experiments/volume/wiring_volume.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

struct VolumeArguments {
  std::vector<int> widths{3, 6, 12, 24, 48, 96, 192}, depths{1, 2, 3, 4, 5, 6, 7, 8, 9};
  RandomWiring wiring;
  std::optional<double> density;
  int levels = 0;
  std::uint64_t samples = 20'000;
  std::string out;
  // Theory against practice.
  std::string practice;
  std::vector<std::string> targets;
  std::int64_t starts = 10, steps = 4000;
  int sketches = 4, size = 32;
  double bar_share = 0.2, factored = 1.5;
  OptionUses uses;
};

nlohmann::ordered_json json_of(const Share& share) {
  return {{"value", share.value}, {"low", share.low}, {"high", share.high}};
}

nlohmann::ordered_json cell_of(const RandomWiring& wiring, const VolumeArguments& o,
                               const WiringVolume& volume) {
  nlohmann::ordered_json cell{{"width", wiring.width},
                              {"depth", wiring.depth},
                              {"compositional", volume.compositional.value},
                              {"low", volume.compositional.low},
                              {"high", volume.compositional.high}};
  const auto exact = o.levels == 0 ? exact_compositional(wiring) : std::nullopt;
  cell["exact"] = exact ? nlohmann::ordered_json(*exact) : nlohmann::ordered_json();
  cell["spanning"] = json_of(volume.spanning);
  cell["ratio"] = volume.ratio ? json_of(*volume.ratio) : nlohmann::ordered_json();
  return cell;
}

std::string volume_csv(const nlohmann::ordered_json& cells) {
  std::string csv = "width,depth,compositional,low,high,exact,spanning,spanning_low,spanning_high,ratio\n";
  const auto text = [](const nlohmann::ordered_json& value) { return value.is_null() ? "" : value.dump(); };
  for (const auto& cell : cells) {
    for (const char* column : {"width", "depth", "compositional", "low", "high", "exact"})
      csv += text(cell[column]) + ",";
    const auto& spanning = cell["spanning"];
    csv += text(spanning["value"]) + "," + text(spanning["low"]) + "," + text(spanning["high"]) + "," +
           (cell["ratio"].is_null() ? "" : text(cell["ratio"]["value"])) + "\n";
  }
  return csv;
}

/// Widths down, depths across: the shares of compositional wirings.
std::string volume_text(const VolumeArguments& o, const nlohmann::ordered_json& cells) {
  char number[32];
  std::string text = "share of wirings that keep " + std::to_string(o.wiring.sources) +
                     " primitives pure, by width (down) and depth (across)\n      ";
  for (const int depth : o.depths) std::snprintf(number, sizeof number, "%8d", depth), text += number;
  std::size_t next = 0;
  for (const int width : o.widths) {
    std::snprintf(number, sizeof number, "\n%6d", width);
    text += number;
    for (std::size_t d = 0; d < o.depths.size(); ++d) {
      std::snprintf(number, sizeof number, "%8.4f", cells[next++]["compositional"].get<double>());
      text += number;
    }
  }
  return text + "\n";
}

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

Outcome run_practice(const VolumeArguments& o, const Session& session) {
  require_seeds(session.seed(), 1);
  const PracticeSettings settings = practice_settings(o, session);
  std::vector<BasinTarget> targets;
  if (!o.targets.empty()) targets = labelled_targets(o.targets, o.wiring.sources, o.size);
  const RunFolder run(o.practice, practice_request(o, session), session);
  if (run.finished_result()) {
    session.say(o.practice + ": already done; --force does it again");
    return {*run.finished_result(), {}};
  }
  if (run.resumed()) session.say(o.practice + ": resuming");
  if (targets.empty()) targets = sketch_targets(o.wiring.sources, o.sketches, o.size, run.file("targets"));
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

Outcome run(const VolumeArguments& o, const Session& session) {
  o.uses.check();
  if (!o.practice.empty()) return run_practice(o, session);
  const auto wiring_at = [&](int width, int depth) {
    RandomWiring wiring = o.wiring;
    wiring.width = width;
    wiring.depth = depth;
    wiring.density = o.density;
    return wiring;
  };
  for (const int width : o.widths)
    for (const int depth : o.depths) wiring_at(width, depth).validate();
  if (!o.out.empty()) session.refuse_existing(o.out);
  const auto total = static_cast<std::int64_t>(o.widths.size() * o.depths.size());
  nlohmann::ordered_json cells = nlohmann::ordered_json::array();
  for (const int width : o.widths)
    for (const int depth : o.depths) {
      const auto done = static_cast<std::int64_t>(cells.size());
      const ProgressListener listener = [&](const Progress&) {
        return !session.listener() || session.listener()({"cells", done, total, {}});
      };
      const auto volume =
          sample_volume(wiring_at(width, depth), o.levels, o.samples, session.seed(), listener);
      if (!volume) throw Interrupted("stopped; nothing was written");
      cells.push_back(cell_of(wiring_at(width, depth), o, *volume));
    }
  if (!o.out.empty()) write_file(o.out, volume_csv(cells));
  Outcome outcome{
      {{"primitives", o.wiring.sources}, {"samples", o.samples}, {"levels", o.levels}, {"cells", cells}},
      volume_text(o, cells)};
  if (!o.out.empty()) outcome.json["out"] = o.out;
  return outcome;
}

/// Gives back --practice.
CLI::Option* practice_options(CLI::App& app, VolumeArguments& o) {
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

}  // namespace

Command volume_command() {
  return {
      "volume", std::string(group_look),
      "the share of random wirings that keep primitives apart, and what training makes of them",
      "skein volume --primitives 3 --widths 12,24,48,96 --depths 1,2,3,4,5,6 --copies 0.5 --levels 2",
      [](CLI::App& app) -> RunCommand {
        const auto o = std::make_shared<VolumeArguments>();
        app.add_option("--primitives", o->wiring.sources, "parts to be kept apart (default 3)");
        app.add_option("--widths", o->widths, "units of a layer (default 3,6,...,192)")->delimiter(',');
        app.add_option("--depths", o->depths, "layers (default 1 to 9)")->delimiter(',');
        auto* fan_in =
            app.add_option("--fan-in", o->wiring.fan_in, "predecessors of a unit, on average (default 2)");
        auto* density =
            app.add_option("--density", o->density, "share of predecessors read, instead of --fan-in");
        density->excludes(fan_in);
        app.add_flag("--dense-first", o->wiring.dense_first,
                     "with --density: the first layer keeps the fan-in")
            ->needs(density);
        app.add_option("--copies", o->wiring.copies, "share of units that copy one predecessor (default 0)");
        app.add_option("--levels", o->levels, "computing units on the way to a unit, at least (default 0)");
        app.add_option("--samples", o->samples, "wirings drawn for each cell (default 20000)");
        app.add_option("--out", o->out, "a CSV file of the cells")->excludes(practice_options(app, *o));
        return [o](const Session& session) { return run(*o, session); };
      }};
}

}  // namespace skein::experiments
