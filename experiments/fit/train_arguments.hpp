#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "experiments/jobs/training_job.hpp"
#include "experiments/jobs/training_options.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/runs/option_uses.hpp"

namespace CLI {
class App;
}

namespace skein::experiments {

/// What is fitted and how, as the flags of `train` say it. The defaults are the study's.
struct TrainArguments {
  std::string arch, wiring, init = "random", copies = "train";
  int size = 0;  ///< of the target; 0: a picture's own, 256 for a network
  double initial_scale = 1;
  TrainingOptions training;
  OptionUses uses;
};

/// Declares the flags that fill `arguments`, which must live as long as the app.
void add_train_arguments(CLI::App& app, TrainArguments& arguments);

/// The wiring to fit, with its weights where it has any: that of `wiring`, dense in the architecture asked for, or
/// dense in that of the target's own network; `signature` names what a dense one reads and gives. Throws ConfigError
/// when the weights of no wiring are to be kept.
sgd::Mlp wiring_to_fit(const TrainArguments& arguments, const Net* wiring, const Net* target,
                       const Signature& signature);

/// Throws ConfigError for settings that cannot be.
TrainingJob training_job(const TrainArguments& arguments, const sgd::Mlp& mlp, std::uint64_t seed);

/// loss, best_loss, psnr, steps, seconds, steps_per_second, nonzero, weights.
nlohmann::ordered_json to_json(const TrainedNetwork& trained);

}  // namespace skein::experiments
