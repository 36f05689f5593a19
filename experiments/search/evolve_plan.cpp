#include "experiments/search/evolve_plan.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "bridge/gradient_fit.hpp"
#include "bridge/layerize.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/target_picture.hpp"
#include "neat/operators/start.hpp"
#include "neat/search/picture_goal.hpp"

namespace skein::experiments {
namespace {

constexpr int map_batch = 256;

/// "target:FILE" cut at the colon.
std::pair<std::string, std::string> parts(const std::string& goal) {
  const auto colon = goal.find(':');
  if (colon == std::string::npos) return {goal, ""};
  return {goal.substr(0, colon), goal.substr(colon + 1)};
}

GoalKind kind_of(const std::string& goal) {
  const auto [kind, argument] = parts(goal);
  if (kind == "task" && !argument.empty()) return GoalKind::task;
  if (kind == "target" && !argument.empty()) return GoalKind::target;
  if (goal == "novelty") return GoalKind::novelty;
  if (goal == "map-elites") return GoalKind::map_elites;
  throw ConfigError("--goal \"" + goal +
                    "\"; allowed: target:FILE, novelty, map-elites, task:xor, task:double-pole");
}

/// "sin:2,gaussian:1": activations with their odds; without a number 1.
std::vector<neat::ActivationOdds> parse_odds(const std::string& text) {
  std::vector<neat::ActivationOdds> odds;
  std::istringstream in(text);
  for (std::string item; std::getline(in, item, ',');) {
    const auto [name, number] = parts(item);
    const auto activation = parse_activation(name);
    std::istringstream digits(number);
    double value = 1;
    if (!activation || (!number.empty() && (!(digits >> value) || !digits.eof())))
      throw ConfigError("--activations \"" + item + "\"; allowed: names with odds, such as sin:2,gaussian:1");
    odds.push_back({*activation, value});
  }
  return odds;
}

neat::Settings settings_of(const EvolveOptions& o, const std::string& preset) {
  neat::Settings s = preset == "picbreeder" ? neat::picbreeder_preset(o.strength) : neat::preset(preset);
  if (o.population != 0) s.population = o.population;
  if (!o.activations.empty()) s.mutation.hidden = parse_odds(o.activations);
  if (o.crossover) s.crossover.rate = *o.crossover;
  if (o.add_link) s.mutation.add_link = *o.add_link;
  if (o.add_node) s.mutation.add_node = *o.add_node;
  if (o.threshold) s.speciation.threshold = *o.threshold;
  if (o.species && *o.species > s.population)
    throw ConfigError("--species " + std::to_string(*o.species) + ": at most the population, " +
                      std::to_string(s.population));
  int& species = s.speciation.control.species;
  species = o.species ? *o.species : std::min(species, s.population);
  neat::validate(s);
  return s;
}

neat::Genome start_of(const std::string& argument, const Signature& signature) {
  const Net net = load_net(argument);
  const neat::Genome genome = net.genome ? net.genome->genome : bridge::lift(as_mlp(net)).genome;
  const bool grey = signature == picture_signature() && neat::is_greyscale(genome);
  if (genome.signature.inputs != signature.inputs || (genome.signature.outputs != signature.outputs && !grey))
    throw ConfigError("--start " + argument + ": its inputs or outputs are not those of the goal");
  return genome;
}

neat::Goal picture_goal(const EvolveOptions& o, EvolvePlan& plan) {
  if (plan.kind == GoalKind::novelty) {
    plan.novelty = std::make_shared<neat::NoveltyArchive>();
    return neat::novelty_goal(plan.novelty, {}, o.size);
  }
  neat::Goal goal;
  if (plan.kind == GoalKind::map_elites) {
    goal.evaluate = neat::figure_evaluator(o.size);
    return goal;
  }
  const Picture target = load_target(parts(o.goal).second, o.size).picture;
  goal.evaluate = neat::likeness_evaluator(target);
  if (o.gradient_steps > 0) {
    const bool lamarckian = o.inheritance == "lamarckian";
    goal.evaluate = neat::fitted_evaluator(
        goal.evaluate,
        bridge::fit_to_picture(target, {.steps = o.gradient_steps, .learning_rate = o.gradient_rate}),
        lamarckian ? neat::Inheritance::lamarckian : neat::Inheritance::baldwinian);
  }
  return goal;
}

nlohmann::ordered_json describe(const EvolveOptions& o, const EvolvePlan& plan, const std::string& preset) {
  nlohmann::ordered_json json{{"goal", o.goal}, {"preset", preset}, {"population", plan.settings.population}};
  if (plan.kind == GoalKind::map_elites) json["evaluations"] = plan.map.evaluations;
  else json["generations"] = plan.generations;
  if (plan.kind != GoalKind::task) json["size"] = o.size;
  if (!o.start.empty()) json["start"] = o.start;
  if (preset == "picbreeder") json["strength"] = o.strength;
  if (!o.activations.empty()) json["activations"] = o.activations;
  json["crossover"] = plan.settings.crossover.rate;
  json["add-link"] = plan.settings.mutation.add_link;
  json["add-node"] = plan.settings.mutation.add_node;
  json["threshold"] = plan.settings.speciation.threshold;
  json["species"] = plan.settings.speciation.control.species;
  if (o.gradient_steps > 0) {
    json["gradient-steps"] = o.gradient_steps;
    json["gradient-rate"] = o.gradient_rate;
    json["inheritance"] = o.inheritance;
  }
  json["checkpoint-every"] = o.checkpoint_every;
  o.uses.strip(json);
  return json;
}

}  // namespace

EvolvePlan plan_of(const EvolveOptions& o) {
  o.uses.check();
  EvolvePlan plan;
  plan.kind = kind_of(o.goal);
  const bool is_task = plan.kind == GoalKind::task;
  const std::string preset = !o.preset.empty() ? o.preset : is_task ? "neat" : "cppn";
  if (o.gradient_steps > 0 && plan.kind != GoalKind::target)
    throw ConfigError("--gradient-steps needs something to fit: --goal target:FILE");
  if (o.seeds > 1 && !is_task && plan.kind != GoalKind::map_elites)
    throw ConfigError("--seeds " + std::to_string(o.seeds) +
                      " is for tasks and for map-elites; allowed for this goal: 1");
  plan.settings = settings_of(o, preset);
  if (plan.kind == GoalKind::map_elites && o.population == 0) plan.settings.population = map_batch;
  plan.generations = o.generations != 0 ? o.generations : is_task ? 1000 : 100;
  if (is_task) {
    neat::Task task = neat::task(parts(o.goal).second);
    if (preset == "neat") plan.settings.mutation.weight.power = task.weight_power;
    plan.start = std::move(task.start);
    plan.goal.evaluate = std::move(task.evaluate);
  } else {
    plan.start = neat::minimal_genome(picture_signature(), Activation::identity);
    plan.goal = picture_goal(o, plan);
  }
  if (!o.start.empty()) {
    plan.start = neat::as_start(start_of(o.start, plan.start.signature));
    plan.random_weights = false;
  }
  if (plan.kind == GoalKind::map_elites) {
    const auto batch = static_cast<std::uint64_t>(plan.settings.population);
    plan.map = {.axes = neat::picture_axes(), .variation = plan.settings, .batch = plan.settings.population};
    plan.map.evaluations = o.evaluations != 0 ? o.evaluations : batch * plan.generations;
    neat::validate(plan.map);
  }
  plan.description = describe(o, plan, preset);
  return plan;
}

void EvolveOptions::add_options(CLI::App& app) {
  app.add_option("--goal", goal, "target:FILE, novelty, map-elites, task:xor or task:double-pole")
      ->required();
  app.add_option("--out", out, "folder of the run")->required();
  with_choices(
      app.add_option("--preset", preset, "neat (the paper; for tasks), picbreeder or cppn (for pictures)"),
      {"neat", "picbreeder", "cppn"});
  const auto is_kind = [this](GoalKind kind) { return kind_of(goal) == kind; };
  const auto on_map = [is_kind] { return is_kind(GoalKind::map_elites); };
  const auto on_target = [is_kind] { return is_kind(GoalKind::target); };
  const auto fitted = [this, on_target] { return on_target() && gradient_steps > 0; };
  app.add_option("--population", population, "genomes a generation (default: the preset's)")
      ->check(CLI::Range(2, 1'000'000));
  uses.only(app.add_option("--generations", generations, "at most so many (default 100; tasks 1000)")
                ->check(CLI::Range(1u, 1'000'000'000u)),
            "where --evaluations does not say how long", [this] { return evaluations == 0; });
  uses.only(app.add_option("--evaluations", evaluations, "of map-elites (default: population x generations)")
                ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40)),
            "with --goal map-elites", on_map);
  app.add_option("--start", start, "a genome to go on from, a Picbreeder one too");
  uses.only(app.add_option("--size", size, "pixels a side of the pictures that are evaluated (default 64)")
                ->check(CLI::Range(2, 4096)),
            "where pictures are evaluated, not with a task", [is_kind] { return !is_kind(GoalKind::task); });
  uses.only(app.add_option("--gradient-steps", gradient_steps,
                           "fit each genome to the target before it is evaluated")
                ->check(CLI::Range(0, 100000)),
            "with --goal target:FILE, which gives something to fit", on_target);
  uses.only(app.add_option("--gradient-rate", gradient_rate, "learning rate of that fit (default 0.03)")
                ->check(CLI::PositiveNumber),
            "with --gradient-steps", fitted);
  uses.only(
      app.add_option("--inheritance", inheritance, "of fitted weights: lamarckian (default) or baldwinian")
          ->check(CLI::IsMember({"lamarckian", "baldwinian"})),
      "with --gradient-steps", fitted);
  app.add_option("--activations", activations, "hidden nodes' activations with odds: sin:2,gaussian:1");
  uses.only(app.add_option("--strength", strength, "of picbreeder's mutations, 0 to 1 (default 0.5)")
                ->check(CLI::Range(0.0, 1.0)),
            "with --preset picbreeder", [this] { return preset == "picbreeder"; });
  app.add_option("--crossover", crossover, "share of children with two parents")->check(CLI::Range(0.0, 1.0));
  app.add_option("--add-link", add_link, "rate of that mutation")->check(CLI::Range(0.0, 1.0));
  app.add_option("--add-node", add_node, "rate of that mutation")->check(CLI::Range(0.0, 1.0));
  const auto in_species = [is_kind] { return !is_kind(GoalKind::map_elites); };
  uses.only(app.add_option("--threshold", threshold, "compatibility threshold of species")
                ->check(CLI::NonNegativeNumber),
            "where genomes live in species, not with --goal map-elites", in_species);
  uses.only(app.add_option("--species", species, "wished number of species; moves the threshold (0: fixed)")
                ->check(CLI::Range(0, 1'000'000)),
            "where genomes live in species, not with --goal map-elites", in_species);
  app.add_option("--seeds", seeds, "a task or map-elites from this many seeds, and the spread")
      ->check(CLI::Range(1, 10000));
  app.add_option("--checkpoint-every", checkpoint_every, "generations (default 10)")
      ->check(CLI::Range(1, 1000000));
}

}  // namespace skein::experiments
