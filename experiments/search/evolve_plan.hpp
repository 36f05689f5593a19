#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "experiments/runs/option_uses.hpp"
#include "experiments/runs/run_folder.hpp"
#include "neat/search/map_elites.hpp"
#include "neat/search/novelty.hpp"
#include "neat/search/task.hpp"

namespace CLI {
class App;
}

namespace skein::experiments {

/// The flags of `skein evolve`.
struct EvolveOptions {
  std::string goal, out, preset, start, activations;
  std::string inheritance = "lamarckian";
  int population = 0;             ///< 0: the preset's
  std::uint32_t generations = 0;  ///< 0: 1000 for tasks, 100 else
  std::uint64_t evaluations = 0;  ///< of map-elites; 0: population x generations
  int size = 64;                  ///< of the pictures that are judged
  std::uint32_t checkpoint_every = 10;
  std::int64_t gradient_steps = 0;
  double gradient_rate = 0.03;
  double strength = 0.5;  ///< of Picbreeder's mutations
  int seeds = 1;          ///< runs of a task or of map-elites
  std::optional<double> crossover, add_link, add_node, threshold;
  std::optional<int> species;

  OptionUses uses;

  void add_options(CLI::App& app);
};

enum class GoalKind { task, target, novelty, map_elites };

/// What a run is to do, resolved.
struct EvolvePlan {
  GoalKind kind = GoalKind::task;
  neat::Settings settings{};
  neat::Genome start{};
  bool random_weights = true;
  std::uint32_t generations = 0;
  neat::Goal goal{};
  std::shared_ptr<neat::NoveltyArchive> novelty{};  ///< of novelty search
  neat::MapElitesSettings map{};                    ///< of map-elites
  nlohmann::ordered_json description{};             ///< the resolved settings, for the run's configuration
};

/// Throws ConfigError for a goal, preset, start genome or setting that cannot be, FormatError for files.
EvolvePlan plan_of(const EvolveOptions& options);

}  // namespace skein::experiments
