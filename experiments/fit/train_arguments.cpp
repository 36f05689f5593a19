#include "experiments/fit/train_arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "experiments/fit/training_flags.hpp"
#include "lib/base/error.hpp"
#include "lib/picture/image.hpp"
#include "sgd/mlp/initial_weights.hpp"

namespace skein::experiments {

void add_train_arguments(CLI::App& app, TrainArguments& arguments) {
  const auto arch = app.add_option(
      "--arch", arguments.arch,
      "\"12;cache:15,gaussian:4\": dense layers of these units; \"rec:4(6;relu:12)\": a recursion");
  app.add_option("--wiring", arguments.wiring, "a network whose wiring is to be fitted")->excludes(arch);
  app.add_option("--init", arguments.init, "random (default) or keep the wiring's weights")
      ->check(CLI::IsMember({"random", "keep"}));
  arguments.uses.only(
      app.add_option("--init-scale", arguments.initial_scale, "times the LeCun-normal width (default 1)")
          ->check(CLI::PositiveNumber),
      "with --init random", [&arguments] { return arguments.init == "random"; });
  arguments.uses.only(
      app.add_option("--copies", arguments.copies, "train (default) or freeze the wiring's weight-1 copies")
          ->check(CLI::IsMember({"train", "freeze"})),
      "with --wiring: dense layers have no copies", [&arguments] { return !arguments.wiring.empty(); });
  app.add_option("--size", arguments.size, "longer side (default: a picture's own, 256 for a network)")
      ->check(CLI::Range(1, largest_image_side));
  add_training_options(app, arguments.training, &arguments.uses);
}

sgd::Mlp wiring_to_fit(const TrainArguments& arguments, const Net* wiring, const Net* target,
                       const Signature& signature) {
  if (wiring != nullptr) return as_mlp(*wiring);
  if (arguments.init == "keep")
    throw ConfigError("--init keep needs a --wiring whose weights are to be kept");
  const sgd::Architecture architecture = !arguments.arch.empty() ? sgd::parse_architecture(arguments.arch)
                                         : target != nullptr ? sgd::architecture_of(as_mlp(*target).wiring)
                                                             : sgd::parse_architecture(default_architecture);
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(architecture, signature);
  return mlp;
}

TrainingJob training_job(const TrainArguments& arguments, const sgd::Mlp& mlp, std::uint64_t seed) {
  TrainingJob job{mlp.wiring, mlp.weights, arguments.copies == "freeze", arguments.training.settings(seed)};
  if (arguments.init == "random")
    job.start = sgd::initial_weights(
        mlp.wiring, {.seed = seed, .scale = arguments.initial_scale, .copies_at_one = job.freeze_copies});
  return job;
}

nlohmann::ordered_json to_json(const TrainedNetwork& trained) {
  return {{"loss", trained.loss},
          {"best_loss", trained.best_loss},
          {"psnr", psnr(trained.best_loss)},
          {"steps", trained.steps},
          {"seconds", trained.seconds},
          {"steps_per_second",
           trained.seconds > 0 ? static_cast<double>(trained.steps_now) / trained.seconds : 0.0},
          {"nonzero", std::ranges::count_if(trained.mlp.weights, [](float w) { return w != 0.0f; })},
          {"weights", trained.mlp.weights.size()}};
}

}  // namespace skein::experiments
