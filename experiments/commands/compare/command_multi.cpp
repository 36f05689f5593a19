#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/jobs/training_options.hpp"
#include "experiments/multi/multi_report.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/rows/depth_axis.hpp"
#include "experiments/runs/option_uses.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

struct MultiArguments {
  std::vector<std::string> targets, kinds;
  std::string family, out, architecture, offsets = "0";
  int seeds = 3, size = 48;
  std::int64_t steps = 2000;
};

/// The architecture asked for, or that of the first network that is to be drawn.
std::string architecture_for(const MultiArguments& o) {
  if (!o.architecture.empty()) return o.architecture;
  const TargetPicture first = load_target(o.family.empty() ? o.targets.front() : o.family, 8);
  return first.net && !first.net->recursion ? sgd::architecture_of(as_mlp(*first.net).wiring).text()
                                            : default_architecture;
}

MultiSettings settings_of(const MultiArguments& o, const Session& session) {
  MultiSettings settings;
  if (!o.kinds.empty()) settings.kinds.clear();
  for (const std::string& wanted : o.kinds) {
    std::size_t k = 0;
    while (k < multi_kinds && name(static_cast<MultiKind>(k)) != wanted) ++k;
    if (k == multi_kinds)
      throw ConfigError("--kinds " + wanted + ": there are heads, coded, separate-each, separate-total");
    settings.kinds.push_back(static_cast<MultiKind>(k));
  }
  settings.architecture = sgd::parse_architecture(architecture_for(o));
  if (o.offsets != "0") {
    settings.offsets = parse_offsets(o.offsets);
    settings.offsets.insert(std::ranges::lower_bound(settings.offsets, 0), 0);
  }
  settings.seeds = o.seeds;
  settings.first_seed = session.seed();
  TrainingOptions training;
  training.steps = o.steps;
  settings.training = training.settings(session.seed());
  settings.validate();
  return settings;
}

RunRequest request_of(const MultiArguments& o, const MultiSettings& settings, const Session& session) {
  RunRequest request{.command = "multi"};
  request.settings = {{"targets", o.targets}, {"family", o.family}, {"arch", settings.architecture.text()},
                      {"size", o.size},       {"steps", o.steps},   {"seed", session.seed()}};
  std::vector<std::string> kinds;
  for (const MultiKind kind : settings.kinds) kinds.emplace_back(name(kind));
  request.extendable = {{"kinds", kinds}, {"offsets", o.offsets}, {"seeds", o.seeds}};
  request.files = {"multi.csv", "sharing.csv", "against.csv", "multi.json",
                   "multi.png", "multi.svg",   "multi.pdf",   "networks"};
  return request;
}

Outcome run(const MultiArguments& o, const Session& session) {
  if (o.targets.empty() == o.family.empty())
    throw ConfigError("multi needs two TARGETs or more, or a --family");
  require_seeds(session.seed(), o.seeds);
  const std::vector<MultiTarget> targets =
      o.family.empty() ? multi_targets(o.targets, o.size) : family_targets(o.family, o.size);
  const MultiSettings settings = settings_of(o, session);
  const RunFolder run(o.out, request_of(o, settings, session), session);
  if (const auto& done = run.done_before(session)) return {*done, {}};
  const std::vector<MultiRow> rows = run_multi(targets, settings, run, session);
  write_file(run.file("multi.csv"), multi_csv(rows, targets));
  write_file(run.file("sharing.csv"), sharing_csv(rows));
  write_file(run.file("against.csv"), against_csv(rows));
  Outcome outcome{multi_json(rows, targets), multi_text(rows)};
  outcome.json["out"] = o.out;
  write_file(run.file("multi.json"), json_text(outcome.json, 1) + "\n");
  run.keep_result(outcome.json);
  const std::string title = o.family.empty() ? std::to_string(targets.size()) + " pictures" : o.family;
  for (const char* figure : {"multi.png", "multi.svg", "multi.pdf"})
    try_figure(session, run.file(figure), [&] { write_figure(run.file(figure), multi_figure(rows, title)); });
  run.finish();
  return outcome;
}

}  // namespace

Command multi_command() {
  return {
      "multi", std::string(group_compare), "several pictures in one network, against one network each",
      "skein multi @dawn @tide @bird --seeds 2 --steps 200 --size 24 --out runs/multi",
      [](CLI::App& app) -> RunCommand {
        const auto o = std::make_shared<MultiArguments>();
        auto* targets = app.add_option("TARGET,--target", o->targets,
                                       "networks or @names to draw, or PNGs or JPEGs: two or more");
        app.add_option("--family", o->family,
                       "instead: a labelled genome; its picture, and that without each of its parts")
            ->excludes(targets);
        app.add_option("--out", o->out, "folder of the run")->required();
        with_choices(
            app.add_option("--kinds", o->kinds, "heads, coded, separate-each, separate-total (default: all)")
                ->delimiter(','),
            {"heads", "coded", "separate-each", "separate-total"});
        app.add_option("--offsets", o->offsets,
                       "hidden layers more or less than the architecture's: -2..2 (default 0, which is "
                       "always among them)");
        app.add_option("--arch", o->architecture, "of the networks (default: the first target's own)");
        app.add_option("--seeds", o->seeds, "networks of each kind and depth (default 3)");
        app.add_option("--steps", o->steps, "of training (default 2000)")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}));
        app.add_option("--size", o->size, "longer side in pixels (default 48)")->check(CLI::Range(2, 2048));
        return [o](const Session& session) { return run(*o, session); };
      }};
}

}  // namespace skein::experiments
