#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "experiments/jobs/pruning_job.hpp"
#include "experiments/jobs/training_options.hpp"
#include "experiments/runs/option_uses.hpp"

namespace CLI {
class App;
}

namespace skein::experiments {

/// What is cut and how, as the flags of `prune` say it.
struct PruneArguments {
  std::string method = "sp", keep, like, scope = "both", taylor = "first";
  int size = 0;    ///< of the target; 0: a picture's own, 256 for a network
  int rounds = 0;  ///< 0: the method's own
  double similarity = 0.98, cut = 0.2;
  std::size_t loss_window = 100;
  TrainingOptions training = {.steps = 15'000};
  OptionUses uses;
};

/// Declares the flags that fill `arguments`, which must live as long as the app.
void add_prune_arguments(CLI::App& app, PruneArguments& arguments);

/// The pruning of `mlp` on examples; `like` is the wiring that a control matches. Throws ConfigError as
/// PruningJob::validate does.
PruningJob pruning_job(const PruneArguments& arguments, sgd::Mlp mlp, sgd::Examples target,
                       const sgd::Wiring* like, std::uint64_t seed);

/// round, asked, nonzero, units, loss, best_loss, steps.
nlohmann::ordered_json to_json(const sgd::PruneRound& round);

/// method, rounds, asked (where a count was), nonzero, units, loss, best_loss, steps.
nlohmann::ordered_json to_json(const sgd::Pruned& pruned, const PruningJob& job);

}  // namespace skein::experiments
