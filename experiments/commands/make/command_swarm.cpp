#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/parts_options.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/parts/parts_target.hpp"
#include "experiments/records/digest.hpp"
#include "experiments/runs/option_uses.hpp"
#include "experiments/statistics/table.hpp"
#include "experiments/swarm/align_networks.hpp"
#include "experiments/swarm/swarm_run.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/base/sound_text.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/train/checkpoint.hpp"

namespace skein::experiments {
namespace {

struct SwarmArguments {
  std::vector<std::string> nets;
  PartsArguments parts;
  std::string out, utility = "loss", rule = "normalized";
  int size = parts_size, particles = 20, iterations = 50;
  std::optional<int> patience, restart_patience;
  std::optional<double> inertia, own, best, worst, step, step_decay, step_floor, bar;
  std::int64_t fine_tune = 0;
  double rate = 3e-3;
  bool align = false, score = false;
  OptionUses uses;

  bool needs_parts() const { return utility == "parts" || fine_tune > 0; }
};

SwarmSettings settings_of(const SwarmArguments& o, std::uint64_t seed) {
  SwarmSettings settings = swarm_settings(parse_swarm_rule(o.rule), o.iterations, seed);
  const auto set = [](auto& setting, const auto& given) {
    if (given) setting = *given;
  };
  set(settings.inertia, o.inertia);
  set(settings.own, o.own);
  set(settings.best, o.best);
  set(settings.worst, o.worst);
  set(settings.step, o.step);
  set(settings.step_decay, o.step_decay);
  set(settings.step_floor, o.step_floor);
  set(settings.patience, o.patience);
  set(settings.restart_patience, o.restart_patience);
  settings.validate();
  return settings;
}

/// The networks as MLPs of one wiring.
std::vector<sgd::Mlp> networks_of(const SwarmArguments& o) {
  if (o.fine_tune > 0 && o.nets.size() != 1)
    throw ConfigError("--fine-tune makes the networks out of one parent; " + std::to_string(o.nets.size()) +
                      " are given");
  if (o.fine_tune == 0 && o.nets.size() < 2)
    throw ConfigError("a swarm needs two networks or more, or --fine-tune to make them from one");
  std::vector<sgd::Mlp> networks;
  for (const std::string& argument : o.nets) {
    sgd::Mlp mlp = as_mlp(load_drawing_net(argument));
    if (o.align && !networks.empty()) try {
        mlp = aligned_to(mlp, networks[0]);
      } catch (const ConfigError& error) {
        throw ConfigError(argument + ": cannot be aligned with " + o.nets[0] + ": " + error.what());
      }
    if (!networks.empty())
      if (const auto difference = wiring_difference(mlp.wiring, networks[0].wiring))
        throw ConfigError(argument + ": is wired otherwise than " + o.nets[0] + ": " + *difference +
                          "; a swarm needs networks of one wiring");
    networks.push_back(std::move(mlp));
  }
  return networks;
}

SwarmTarget target_of(const SwarmArguments& o, const Session& session) {
  if (!o.needs_parts()) {
    TargetPicture target = load_target(o.parts.target, o.size);
    const bool labelled = target.net && target.net->genome && !target.net->genome->notes.labels.empty();
    if (!o.score || (o.parts.labels.empty() && o.parts.regions.empty() && !labelled))
      return {std::move(target.picture)};
  }
  PartsTarget known = load_parts(o.parts);
  for (const std::string& warning : known.parts.warnings) session.say(warning);
  SwarmTarget target{known.pictures.whole, known.parts.regions, std::move(known.pictures.absent)};
  // What the part outside has where nothing of it is drawn.
  if (known.parts.parts.size() > target.lacking.size()) target.lacking.push_back(mean_colour(target.picture));
  return target;
}

/// What a run is about beyond its options: networks and picture as they were.
std::string digest_of_inputs(const std::vector<sgd::Mlp>& networks, const SwarmTarget& target) {
  std::uint64_t hash = sgd::fingerprint(target.picture);
  for (const sgd::Mlp& mlp : networks) hash = fnv1a(sgd::mlp_payload(mlp), hash);
  return hex_text(hash);
}

RunRequest request_of(const SwarmArguments& o, const SwarmSettings& s, const std::string& digest) {
  RunRequest request{
      "swarm",
      {{"networks", o.nets},
       {"target", o.parts.target},
       {"labels", o.parts.labels},
       {"regions", o.parts.regions},
       {"inputs", digest},
       {"utility", o.utility},
       {"rule", o.rule},
       {"particles", o.particles},
       {"iterations", s.iterations},
       {"patience", s.patience},
       {"restart-patience", s.restart_patience},
       {"inertia", s.inertia},
       {"own", s.own},
       {"best", s.best},
       {"worst", s.worst},
       {"step", s.step},
       {"step-decay", s.step_decay},
       {"step-floor", s.step_floor},
       {"align", o.align},
       {"fine-tune", o.fine_tune},
       {"lr", o.rate},
       {"score", o.score},
       {"size", o.size},
       {"seed", s.seed}},
      {},
      {"expert_*", "control_*", "network.mlp", "adam.checkpoint", "swarm.csv", "curves.png", "pictures.png"}};
  if (o.bar) request.settings["bar"] = *o.bar;
  o.uses.strip(request.settings);
  return request;
}

std::string swarm_text(const nlohmann::ordered_json& result) {
  const auto line = [](const std::string& name, const nlohmann::ordered_json& row) {
    const auto number = [&](const char* key) {
      return row.contains(key) && row[key].is_number() ? std::optional(row[key].get<double>()) : std::nullopt;
    };
    std::string text = "  " + table_cell(name, 24) + decimal_cell(number("loss"), 11, 6) +
                       decimal_cell(number("utility"), 11, 6);
    if (row.contains("participation"))
      text += decimal_cell(number("compositional_score"), 9) + decimal_cell(number("participation"), 9);
    return text + "\n";
  };
  std::string text = "  network                        loss    utility";
  text += result["swarm"].contains("participation") ? "    score  particip.\n" : "\n";
  for (const auto& network : result["networks"]) text += line(network["name"].get<std::string>(), network);
  text += line("swarm", result["swarm"]);
  for (const auto& [name, row] : result["controls"].items()) text += line(name, row);
  char tail[160];
  std::snprintf(tail, sizeof tail, "%ld evaluations each; farthest from the hull: %.2g\n",
                result["evaluations"].get<long>(), result["hull_residual"].get<double>());
  return text + tail;
}

Outcome run(const SwarmArguments& o, const Session& session) {
  o.uses.check();
  const SwarmSettings settings = settings_of(o, session.seed());
  SwarmJob job{.experts = {o.nets, networks_of(o)},
               .parent = {},
               .target = target_of(o, session),
               .utility = parse_utility(o.utility),
               .bar = o.bar,
               .swarm = settings,
               .particles = o.particles,
               .rate = o.rate,
               .score = o.score};
  if (o.fine_tune == 0) validate(job);
  else if (std::ssize(job.target.regions->names) > o.particles)
    throw ConfigError("--particles is " + std::to_string(o.particles) + "; the target has " +
                      std::to_string(job.target.regions->names.size()) + " parts, each of which is one");
  sgd::TrainSettings tuning;
  tuning.steps = std::max<std::int64_t>(o.fine_tune, 1);
  tuning.learning_rate = o.rate;
  tuning.seed = session.seed();
  tuning.validate();
  const RunFolder folder(o.out, request_of(o, settings, digest_of_inputs(job.experts.networks, job.target)),
                         session);
  if (const auto& done = folder.done_before(session)) return {*done, swarm_text(*done)};
  if (o.fine_tune > 0) {
    job.parent = job.experts.networks[0];
    auto experts = fine_tune_parts(*job.parent, job.target.picture, *job.target.regions, tuning, folder,
                                   session.listener());
    if (!experts) throw Interrupted("stopped; the same command resumes " + o.out);
    job.experts = std::move(*experts);
  }
  const auto result = run_swarm(job, folder, session);
  folder.keep_result(result);
  folder.finish();
  return {result, swarm_text(result)};
}

void add_rule_options(CLI::App& app, SwarmArguments& o) {
  app.add_option("--rule", o.rule, "how particles move: normalized (default) or constriction")
      ->check(CLI::IsMember({"normalized", "constriction"}));
  app.add_option("--particles", o.particles, "the networks and points between two of them (default 20)")
      ->check(CLI::Range(2, 10'000));
  app.add_option("--iterations", o.iterations, "at most (default 50)");
  app.add_option("--patience", o.patience,
                 "iterations without a better network that end it (default 10; 0: none)");
  app.add_option(
      "--restart-patience", o.restart_patience,
      "iterations after which a particle goes back to its best (default 5, constriction 0: never)");
  app.add_option("--inertia", o.inertia, "share of the velocity that stays (default 0.2, constriction 0.73)");
  app.add_option("--own", o.own, "pull of a particle's own best (default 0.3, constriction 1.5)");
  app.add_option("--best", o.best, "pull of the best of all (default 0.4, constriction 1.5)");
  const auto worst = app.add_option("--worst", o.worst, "push of the worst of all (default 0.05)");
  o.uses.only(worst, "with --rule normalized", [&o] { return o.rule == "normalized"; });
  app.add_option("--step", o.step, "velocities that a particle goes (default 1)");
  app.add_option("--step-decay", o.step_decay, "of the step, each iteration (default 0.95, constriction 1)");
  app.add_option("--step-floor", o.step_floor, "least step (default 0.1)");
}

}  // namespace

Command swarm_command() {
  return {
      "swarm", std::string(group_make), "search between networks of one wiring, with its controls",
      "skein train @face --out runs/parent --steps 300 --size 64\n"
      "skein swarm runs/parent --fine-tune 300 --target @face --utility parts --out runs/swarm",
      [](CLI::App& app) -> RunCommand {
        const auto o = std::make_shared<SwarmArguments>();
        app.add_option("NET,--net", o->nets,
                       "two networks or more of one wiring, or a parent with --fine-tune")
            ->required();
        app.add_option("--target", o->parts.target, "a network or @name to draw, or a PNG or JPEG")
            ->required();
        app.add_option("--out", o->out, "folder of the run")->required();
        app.add_option("--utility", o->utility,
                       "what counts: loss (default), parts (harmonic mean of their accuracies), score (the "
                       "compositional score of those below --bar)")
            ->check(CLI::IsMember({"loss", "parts", "score"}));
        const auto uses_parts = [&given = *o] { return given.needs_parts() || given.score; };
        add_parts_options(app, o->parts);
        for (const char* option : {"--labels", "--regions"})
          o->uses.only(app.get_option(option), "with --utility parts, --fine-tune or --score", uses_parts);
        o->uses.only(app.add_option("--bar", o->bar,
                                    "loss up to which a network's score counts (default: the "
                                    "best of the networks given)")
                         ->check(CLI::PositiveNumber),
                     "with --utility score", [&given = *o] { return given.utility == "score"; });
        app.add_option("--fine-tune", o->fine_tune,
                       "make the networks: the parent trained for so many steps on each part's pixels")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}));
        o->uses.only(
            app.add_flag("--align", o->align, "reorder the units of each network to match the first's"),
            "without --fine-tune: networks of one parent are aligned",
            [&given = *o] { return given.fine_tune == 0; });
        app.add_option("--lr", o->rate, "of --fine-tune and of the control by Adam (default 3e-3)");
        o->uses.only(app.add_option("--size", o->size, "longer side of the picture (default 64)")
                         ->check(CLI::Range(4, 4096)),
                     "without --utility parts, --fine-tune and --score: parts are known at 64 pixels",
                     [uses_parts] { return !uses_parts(); });
        app.add_flag("--score", o->score, "compositional score and participation of what was found");
        add_rule_options(app, *o);
        return [o](const Session& session) { return run(*o, session); };
      }};
}

}  // namespace skein::experiments
