#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/score_options.hpp"
#include "experiments/fit/training_flags.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/runs/option_uses.hpp"
#include "experiments/runs/run_folder.hpp"
#include "experiments/validate/validation_networks.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

struct ValidateArguments {
  std::string net, out;
  std::vector<std::string> against, controls;
  int seeds = 0, draws = 5, training_size = 64;
  std::uint64_t twin_seed = 11;  // the judge was fitted with 0
  TrainingOptions training;
  ScoreSettings settings;
  OptionUses uses;
};

constexpr int twin_weights = 4;  ///< times as many weights and directions are looked at in twins

RunRequest request_of(const ValidateArguments& options, const Session& session) {
  RunRequest request{"validate", {{"net", options.net}}, {}};
  auto& settings = request.settings;
  settings["against"] = options.against;
  settings["control"] = options.controls;
  settings["draws"] = options.draws;
  settings["training-size"] = options.training_size;
  settings["twin-seed"] = options.twin_seed;
  settings["size"] = options.settings.size;
  settings["weights"] = options.settings.weights;
  settings["seed"] = session.seed();
  options.training.add_to(settings);
  request.files = {"networks", "networks.csv", "table.md"};
  request.extendable["seeds"] = options.seeds;
  return request;
}

/// NAME=NET, as --control takes it.
Contestant control_of(const std::string& text) {
  const auto mark = text.find('=');
  if (mark == std::string::npos || mark == 0 || mark + 1 == text.size())
    throw ConfigError("--control " + text + ": NAME=NET is asked for");
  const std::string net = text.substr(mark + 1);
  return {.name = net,
          .role = Role::control,
          .group = text.substr(0, mark),
          .mlp = as_mlp(load_drawing_net(net))};
}

std::vector<Contestant> given_contestants(const ValidateArguments& options, const Net& net,
                                          const sgd::Mlp& evolved, std::uint64_t seed) {
  std::vector<Contestant> all{{.name = net.title, .role = Role::evolved, .group = "", .mlp = evolved}};
  for (const std::string& other : options.against)
    all.push_back(
        {.name = other, .role = Role::trained, .group = "", .mlp = as_mlp(load_drawing_net(other))});
  for (const std::string& control : options.controls) all.push_back(control_of(control));
  for (auto& control : random_weight_controls(evolved, options.draws, seed))
    all.push_back(std::move(control));
  for (auto& twin : originals_and_twins(evolved, net.title, options.twin_seed))
    all.push_back(std::move(twin));
  return all;
}

Outcome validate(const ValidateArguments& options, const Session& session) {
  options.uses.check();
  ScoreSettings settings = options.settings;
  settings.seed = session.seed();
  settings.resamples = 0;
  settings.validate();
  options.training.settings(session.seed()).validate();
  require_seeds(session.seed(), std::max(1, options.seeds));
  const Net net = load_drawing_net(options.net);
  const sgd::Mlp evolved = as_mlp(net);
  auto contestants = given_contestants(options, net, evolved, session.seed());
  const RunFolder run(options.out, request_of(options, session), session);
  if (const auto& done = run.done_before(session)) return {*done, read_file(run.file("table.md"))};
  const TrialTraining training{options.seeds, options.training, run.file("networks")};
  const Plan plan(net.network);
  const Grid grid{options.training_size, options.training_size};
  auto made = train_contestants(evolved, draw(plan, net.weights, grid), training, session.listener(),
                                [&](const std::string& line) { session.say(line); });
  if (!made) throw Interrupted("stopped; the same command resumes " + options.out);
  for (auto& contestant : *made) contestants.push_back(std::move(contestant));

  const Picture picture = draw(plan, net.weights, {settings.size, settings.size});
  std::vector<TriedNetwork> networks;
  ScoreSettings closer = settings;  // twins are told from their originals one by one, so chance must be small
  closer.weights *= twin_weights;
  closer.directions *= twin_weights;
  for (const Contestant& contestant : contestants) {
    const bool paired = contestant.role == Role::original || contestant.role == Role::twin;
    networks.push_back(tried(contestant, picture, paired ? closer : settings, session.listener()));
    session.say(contestant.name + (networks.back().blank ? ": draws a constant, takes no part" : ""));
  }
  const auto trials = try_measures(networks);
  const std::string table = to_markdown(trials);
  write_file(run.file("networks.csv"), to_csv(networks));
  write_file(run.file("table.md"), table);
  nlohmann::ordered_json result{
      {"networks", networks.size()}, {"measures", to_json(trials)}, {"out", options.out}};
  run.keep_result(result);
  run.finish();
  return {std::move(result), table};
}

}  // namespace

Command validate_command() {
  return {
      "validate", std::string(group_look), "do the measures tell an evolved network from trained ones?",
      "skein validate @face --out runs/validate-face --seeds 2 --steps 300 --weights 48",
      [](CLI::App& app) -> RunCommand {
        const auto o = std::make_shared<ValidateArguments>();
        o->training.steps = 10'000;
        app.add_option("NET,--net", o->net, "the evolved network")->required();
        app.add_option("--out", o->out, "folder of the run: networks.csv, table.md, result.json")->required();
        app.add_option("--against", o->against, "networks trained on the same picture");
        app.add_option("--control", o->controls,
                       "NAME=NET: a network of the control NAME; several make a group");
        app.add_option(
               "--seeds", o->seeds,
               "trains so many dense networks and their controls itself (pruned, retrained, shuffled)")
            ->check(CLI::Range(0, 1000));
        app.add_option("--draws", o->draws, "of random weights in the evolved wiring")
            ->check(CLI::Range(0, 1000))
            ->capture_default_str();
        app.add_option("--training-size", o->training_size, "side of the picture that is trained on")
            ->check(CLI::Range(8, 1024))
            ->capture_default_str();
        app.add_option("--twin-seed", o->twin_seed,
                       "of the fractured twins; 0 is what the judge was fitted to")
            ->capture_default_str();
        add_score_options(app, o->settings);
        const std::size_t others = app.get_options().size();
        add_training_options(app, o->training, &o->uses);
        std::vector<CLI::Option*> of_training = app.get_options();
        of_training.erase(of_training.begin(), of_training.begin() + static_cast<std::ptrdiff_t>(others));
        of_training.push_back(app.get_option("--training-size"));
        for (const CLI::Option* option : of_training)
          o->uses.only(option, "with --seeds, which trains", [o = o.get()] { return o->seeds > 0; });
        return [o](const Session& session) { return validate(*o, session); };
      }};
}

}  // namespace skein::experiments
