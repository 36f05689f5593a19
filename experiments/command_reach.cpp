#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "experiments/command_table.hpp"
#include "experiments/net.hpp"
#include "experiments/plots.hpp"
#include "experiments/run_folder.hpp"
#include "experiments/targets.hpp"
#include "lib/image.hpp"
#include "neat/picture_goal.hpp"
#include "neat/start.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string out;
  std::vector<std::string> targets;
  std::uint64_t evaluations = 15'000;
  int seeds = 3;
  int size = 64;
  double reached = 0.1;
};

struct Aim {
  std::string name;
  Picture picture;
};

std::vector<Aim> aims_of(const Options& options) {
  std::vector<std::string> names = options.targets;
  if (names.empty())
    for (const BuiltInTarget& target : built_in_targets()) names.push_back("@" + target.name);
  std::vector<Aim> aims;
  for (const std::string& name : names) {
    aims.push_back({name, load_target(name, options.size).picture});
    if (aims.back().picture.width != options.size || aims.back().picture.height != options.size)
      throw ConfigError("target " + name + " is not square; the open-ended search draws squares");
  }
  return aims;
}

double error(const Picture& a, const Picture& b) { return std::sqrt(mean_squared_error(a, b)); }

/// How near a search that knows the target comes: NEAT with likeness as fitness.
double aimed(const Aim& aim, const Options& options, std::uint64_t seed) {
  neat::Goal goal;
  goal.judge = neat::judge_likeness(aim.picture);
  const neat::Settings settings = neat::cppn_preset();
  const auto start = neat::minimal_genome(picture_signature(), Activation::identity);
  neat::Evolution evolution = neat::begin(settings, start, true, seed);
  const auto generations = options.evaluations / static_cast<std::uint64_t>(settings.population);
  neat::run(
      evolution, settings, goal,
      {.seed = seed, .generations = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, generations))});
  return 1 - evolution.best->fitness;
}

/// How near a search that knows no target comes to each: the nearest picture that MAP-Elites keeps.
std::vector<double> open_ended(const std::vector<Aim>& aims, const Options& options, std::uint64_t seed) {
  neat::MapElitesSettings settings;
  settings.axes = neat::picture_axes();
  settings.variation = neat::cppn_preset();
  settings.evaluations = options.evaluations;
  const auto start = neat::minimal_genome(picture_signature(), Activation::identity);
  neat::MapElites map;
  neat::run(map, settings, {.start = start, .seed = seed}, neat::judge_figures(options.size));
  std::vector<double> nearest(aims.size(), 1);
  for (const auto& [cell, elite] : map.elites) {
    const neat::Phenotype phenotype = neat::express(elite.organism.genome);
    const Picture picture =
        draw(Plan(phenotype.network), phenotype.weights, Grid{options.size, options.size});
    for (std::size_t a = 0; a < aims.size(); ++a)
      nearest[a] = std::min(nearest[a], error(picture, aims[a].picture));
  }
  return nearest;
}

/// The root of the mean squared error of the target's own mean colour: what a plain picture reaches.
double plain(const Picture& target) {
  Picture mean(target.width, target.height);
  for (int c = 0; c < 3; ++c) {
    double sum = 0;
    for (const float value : target.channel(c)) sum += static_cast<double>(value);
    std::ranges::fill(mean.channel(c), static_cast<float>(sum / static_cast<double>(target.pixels())));
  }
  return error(mean, target);
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

Json spread(const std::vector<double>& values) {
  const auto [low, high] = std::ranges::minmax(values);
  return {{"median", median(values)}, {"low", low}, {"high", high}};
}

/// What is known of each search: rows[method][target][seed].
struct Results {
  std::vector<std::vector<double>> aimed, open;
};

Json summary(const std::vector<Aim>& aims, const Results& results, const Options& options) {
  Json rows = Json::array();
  std::size_t aimed_reached = 0, open_reached = 0, aimed_nearer = 0, pairs = 0;
  for (std::size_t a = 0; a < aims.size(); ++a) {
    rows.push_back({{"target", aims[a].name},
                    {"plain", plain(aims[a].picture)},
                    {"target-driven", spread(results.aimed[a])},
                    {"open-ended", spread(results.open[a])}});
    for (std::size_t s = 0; s < results.aimed[a].size(); ++s, ++pairs) {
      if (results.aimed[a][s] <= options.reached) ++aimed_reached;
      if (results.open[a][s] <= options.reached) ++open_reached;
      if (results.aimed[a][s] < results.open[a][s]) ++aimed_nearer;
    }
  }
  return {{"evaluations", options.evaluations},     {"seeds", options.seeds},
          {"reached_below", options.reached},       {"searches", pairs},
          {"target_driven_reached", aimed_reached}, {"open_ended_reached", open_reached},
          {"target_driven_nearer", aimed_nearer},   {"rows", rows}};
}

void write_plot(const RunFolder& run, const std::vector<Aim>& aims, const Results& results,
                const Options& options) {
  std::vector<DotRow> rows;
  for (std::size_t a = 0; a < aims.size(); ++a) {
    rows.push_back({.name = aims[a].name + " target-driven", .values = results.aimed[a], .colour = 0});
    rows.push_back({.name = aims[a].name + " open-ended", .values = results.open[a], .colour = 1});
  }
  write_png(run.file("reach.png"),
            rasterise(dot_plot(rows, {.title = "How near each search comes",
                                      .x_label = "root mean squared error over RGB, smaller is nearer",
                                      .reference = options.reached})));
}

Outcome reach(const Options& options, const Session& session) {
  const std::vector<Aim> aims = aims_of(options);
  RunRequest request{"reach", {}, {}};
  request.settings = {{"seed", session.seed()},     {"evaluations", options.evaluations},
                      {"seeds", options.seeds},     {"size", options.size},
                      {"reached", options.reached}, {"targets", options.targets}};
  const RunFolder run(options.out, request, session);
  if (run.finished_result()) {
    session.say(options.out + ": already done; --force does it again");
    return {*run.finished_result(), {}};
  }
  run.forget_after("row", -1);
  Results results;
  results.aimed.resize(aims.size());
  results.open.resize(aims.size());
  const auto total = static_cast<std::int64_t>(options.seeds) * static_cast<std::int64_t>(aims.size() + 1);
  std::int64_t done = 0;
  const auto progress = [&] {
    if (!session.listener()({"reach", ++done, total, {}}))
      throw Interrupted("stopped; the same command begins again");
  };
  for (int s = 0; s < options.seeds; ++s) {
    const std::uint64_t seed = session.seed() + static_cast<std::uint64_t>(s);
    const auto nearest = open_ended(aims, options, seed);
    progress();
    for (std::size_t a = 0; a < aims.size(); ++a) {
      results.open[a].push_back(nearest[a]);
      results.aimed[a].push_back(aimed(aims[a], options, seed));
      run.record({{"row", done},
                  {"seed", seed},
                  {"target", aims[a].name},
                  {"target-driven", results.aimed[a].back()},
                  {"open-ended", nearest[a]}});
      progress();
    }
  }
  write_plot(run, aims, results, options);
  Json result = summary(aims, results, options);
  result["out"] = options.out;
  run.keep_result(result);
  run.finish();
  return {result, {}};
}

}  // namespace

Command reach_command() {
  return {"reach", std::string(group_make),
          "does aiming at a picture reach it? target-driven against open-ended search",
          "skein reach --out runs/reach --targets @face,@disc --evaluations 3000 --seeds 2",
          [](CLI::App& app) -> RunCommand {
            const auto options = std::make_shared<Options>();
            app.add_option("--out", options->out, "folder of the run")->required();
            app.add_option("--targets", options->targets, "pictures to reach (default: all built-in ones)")
                ->delimiter(',');
            app.add_option("--evaluations", options->evaluations, "of each search (default 15000)")
                ->check(CLI::Range(1, 100'000'000));
            app.add_option("--seeds", options->seeds, "searches of each kind per target (default 3)")
                ->check(CLI::Range(1, 1000));
            app.add_option("--size", options->size, "pixels a side (default 64)")->check(CLI::Range(8, 1024));
            app.add_option("--reached", options->reached,
                           "error below which a target counts as reached (default 0.1)")
                ->check(CLI::Range(0.0, 1.0));
            return [options](const Session& session) { return reach(*options, session); };
          }};
}

}  // namespace skein::experiments
