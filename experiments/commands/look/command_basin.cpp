#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/basin/basin_run.hpp"
#include "experiments/basin/gathered_runs.hpp"
#include "experiments/cli/command_table.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/runs/option_uses.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

struct BasinArguments {
  std::string target, out, labels;
  int size = 64;
  std::vector<std::string> disturb{"all"};
  std::string optimizer = "adam", mechanisms = "on";
  std::optional<std::int64_t> steps;
  std::vector<std::string> gather;
  OptionUses uses;
  BasinSettings settings;
};

RunRequest request_of(const BasinArguments& options, const BasinTarget& target) {
  const BasinSettings& settings = options.settings;
  RunRequest request{.command = "basin"};
  request.settings = {{"target", options.target},
                      {"size", options.size},
                      {"bar", settings.bar_for(target)},
                      {"init-scale", settings.initial_scale},
                      {"steps", settings.training.steps},
                      {"optimizer", options.optimizer},
                      {"lr", settings.training.rate},
                      {"schedule", settings.training.schedule},
                      {"normalize-gradient", settings.training.normalize_gradient},
                      {"seed", settings.seed}};
  options.uses.strip(request.settings);
  if (!options.labels.empty()) request.settings["labels"] = options.labels;
  request.extendable = {{"wirings", settings.wirings},
                        {"starts", settings.starts},
                        {"noise", settings.noise},
                        {"copies", settings.copies},
                        {"from", settings.from},
                        {"disturb", options.disturb},
                        {"mechanisms", options.mechanisms},
                        {"minibatches", settings.minibatches.pixels},
                        {"minibatch-rates", settings.minibatches.rates}};
  request.files = {"starts.csv",
                   "census.csv",
                   "arrivals.csv",
                   "radius.csv",
                   "half_way.csv",
                   "mechanisms.csv",
                   "minibatches.csv",
                   "basin.json",
                   "basin.png",
                   "basin.svg",
                   "basin.pdf",
                   "arrivals",
                   "sp"};
  return request;
}

Outcome gather(const BasinArguments& options, const Session& session) {
  const std::filesystem::path out = options.out;
  const GatheredRuns gathered = gather_runs({options.gather.begin(), options.gather.end()});
  const std::pair<const char*, const std::string&> tables[] = {{"census.csv", gathered.census},
                                                               {"arrivals.csv", gathered.arrivals},
                                                               {"half_way.csv", gathered.half_way},
                                                               {"mechanisms.csv", gathered.mechanisms},
                                                               {"minibatches.csv", gathered.minibatches}};
  for (const auto& [name, table] : tables) session.refuse_existing(out / name);
  make_folder(out);
  for (const auto& [name, table] : tables)
    if (!table.empty()) write_file(out / name, table);
  for (const char* name : {"basins.png", "basins.svg", "basins.pdf"})
    try_figure(session, out / name, [&] { write_figure(out / name, gathered_figure(gathered)); });
  Outcome outcome{{{"runs", nlohmann::ordered_json::array()}}, gathered.census};
  for (const auto& [name, json] : gathered.runs) outcome.json["runs"].push_back(json);
  outcome.json["core_hours"] = gathered.core_hours;
  outcome.json["out"] = options.out;
  return outcome;
}

Outcome run(BasinArguments options, const Session& session) {
  BasinSettings& settings = options.settings;
  require_seeds(session.seed(), 1);
  settings.seed = session.seed();
  options.uses.check();
  if (!options.gather.empty()) return gather(options, session);
  if (options.target.empty()) throw ConfigError("basin needs a TARGET, or finished runs to --gather");
  settings.second_order = options.optimizer == "lm";
  settings.training.optimizer = settings.second_order ? "adam" : options.optimizer;
  settings.training.steps = options.steps.value_or(settings.second_order ? 200 : 4000);
  settings.mechanisms = options.mechanisms == "on";
  for (const std::string& what : options.disturb) {
    settings.layers = settings.layers || what == "layers";
    settings.parts = settings.parts || what == "parts";
  }
  const BasinTarget target = load_basin_target(options.target, options.size, options.labels);
  settings.validate(target);
  require_wirings(target, settings);
  const RunFolder run(options.out, request_of(options, target), session);
  if (const auto& done = run.done_before(session)) return {*done, {}};
  double core_hours = 0;
  const BasinFindings findings = run_basin(target, settings, run, session, core_hours);
  Outcome outcome{basin_json(findings), basin_text(findings)};
  outcome.json["size"] = options.size;
  outcome.json["steps"] = settings.training.steps;
  outcome.json["core_hours"] = core_hours;
  outcome.json["out"] = options.out;
  write_file(run.file("basin.json"), json_text(outcome.json, 1) + "\n");
  run.keep_result(outcome.json);
  for (const char* name : {"basin.png", "basin.svg", "basin.pdf"})
    try_figure(session, run.file(name), [&] { write_figure(run.file(name), basin_figure(findings)); });
  run.finish();
  return outcome;
}

void add_options(CLI::App& app, BasinArguments& o) {
  BasinSettings& settings = o.settings;
  auto* target =
      app.add_option("TARGET,--target", o.target, "a network or @name to draw, or a PNG or JPEG (required)");
  app.add_option("--out", o.out, "folder of the run")->required();
  app.add_option("--gather", o.gather,
                 "instead of a TARGET: folders of finished runs, whose tables are put together in --out")
      ->delimiter(',')
      ->excludes(target);
  app.add_option("--wirings", settings.wirings,
                 "evolved, shuffle, random (the default), sp, dense, or a NET whose wiring is to be tried")
      ->delimiter(',');
  app.add_option("--starts", settings.starts, "random starts of each wiring (default 100)");
  app.add_option("--steps", o.steps, "of each training (default 4000; of lm 200)");
  app.add_option("--size", o.size, "longer side of the target (default 64)")
      ->check(CLI::Range(1, largest_image_side));
  app.add_option("--bar", settings.bar,
                 "the loss at which a start has arrived (default: a tenth of one colour's)");
  app.add_option("--noise", settings.noise, "relative noise on weights (default 0.02,0.05,0.1,0.2,0.3,0.5,1)")
      ->delimiter(',');
  app.add_option("--copies", settings.copies, "disturbed at each noise (default 20; 0: none)");
  app.add_option("--from", settings.from,
                 "what is disturbed: evolved, trained, rotated (the default), sp, dense")
      ->delimiter(',');
  app.add_option("--disturb", o.disturb, "all weights (the default); besides layers, parts each alone")
      ->delimiter(',')
      ->check(CLI::IsMember({"all", "layers", "parts"}));
  app.add_option("--labels", o.labels,
                 "CSV of link_branch, link_id, label: the parts of the target's genome");
  app.add_option("--init-scale", settings.initial_scale,
                 "times the LeCun-normal width of a start (default 1)")
      ->check(CLI::PositiveNumber);
  app.add_option("--optimizer", o.optimizer,
                 "adam (default), muon, sgd, or lm: Levenberg-Marquardt, for wirings of at most 300 weights")
      ->check(CLI::IsMember({"adam", "muon", "sgd", "lm"}));
  app.add_option("--mechanisms", o.mechanisms,
                 "flatness, volume, norms and overlaps of the networks and of twins: on (default) or off")
      ->check(CLI::IsMember({"on", "off"}));
  app.add_option(
         "--minibatches", settings.minibatches.pixels,
         "pixels a step of plain SGD that walks from the evolved network and its twins: what becomes of "
         "how factored they are (default: no walks)")
      ->delimiter(',');
  const auto walk_rates =
      app.add_option("--minibatch-rates", settings.minibatches.rates, "of these walks (default 0.003,0.03)")
          ->delimiter(',');
  const auto rate = app.add_option("--lr", settings.training.rate, "learning rate (default 3e-3)");
  const auto schedule =
      app.add_option("--schedule", settings.training.schedule, "constant (default) or cosine")
          ->check(CLI::IsMember({"constant", "cosine"}));
  const auto normalize = app.add_option("--normalize-gradient", settings.training.normalize_gradient,
                                        "divide it by its norm: on (default) or off")
                             ->check(CLI::IsMember({"on", "off"}));
  for (const CLI::Option* option : {rate, schedule, normalize})
    o.uses.only(option, "by optimisers that follow the gradient", [&o] { return o.optimizer != "lm"; });
  o.uses.only(walk_rates, "with --minibatches", [&o] { return !o.settings.minibatches.pixels.empty(); });
  for (const CLI::Option* option : app.get_options())
    if (option != target && option->get_name() != "--out" && option->get_name() != "--gather" &&
        option->get_name() != "--help")
      o.uses.only(option, "without --gather", [&o] { return o.gather.empty(); });
}

}  // namespace

Command basin_command() {
  return {"basin", std::string(group_look),
          "how many random starts arrive at a picture, and how wide a solution lies",
          "skein basin @dawn --out runs/basin --starts 20 --steps 500 --size 32 --copies 4",
          [](CLI::App& app) -> RunCommand {
            const auto options = std::make_shared<BasinArguments>();
            add_options(app, *options);
            return [options](const Session& session) { return run(*options, session); };
          }};
}

}  // namespace skein::experiments
