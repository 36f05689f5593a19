#include "experiments/training_options.hpp"

#include <CLI/CLI.hpp>

namespace skein::experiments {

void TrainingOptions::add_options(CLI::App& app) {
  app.add_option("--optimizer", optimizer, "adam (default), muon or sgd")
      ->check(CLI::IsMember({"adam", "muon", "sgd"}));
  app.add_option("--lr", rate, "learning rate (default 3e-3)");
  app.add_option("--schedule", schedule, "constant (default), cosine or warmup-cosine")
      ->check(CLI::IsMember({"constant", "cosine", "warmup-cosine"}));
  app.add_option("--warmup", warmup, "steps of linear rise, for warmup-cosine");
  app.add_option("--normalize-gradient", normalize_gradient, "divide it by its norm: on (default) or off")
      ->check(CLI::IsMember({"on", "off"}));
  app.add_option("--steps", steps, "of training (default 100000)");
  app.add_option("--batch-pixels", batch_pixels, "pixels drawn anew each step (default 0: all)");
  app.add_option("--newton-schulz", newton_schulz, "steps of Muon's orthogonalisation (default 5)");
  app.add_option("--newton-schulz-coefficients", coefficients, "usual (default) or convergent")
      ->check(CLI::IsMember({"usual", "convergent"}));
  app.add_option("--rewind-step", rewind_step,
                 "keep the weights before this step for rewinding (default 0: none)");
}

sgd::TrainSettings TrainingOptions::settings(std::uint64_t seed) const {
  sgd::TrainSettings settings;
  settings.steps = steps;
  settings.optimizer = sgd::parse_optimizer(optimizer);
  if (auto* muon = std::get_if<sgd::Muon>(&settings.optimizer)) {
    muon->newton_schulz_steps = newton_schulz;
    muon->coefficients = sgd::parse_newton_schulz(coefficients);
  }
  settings.learning_rate = rate;
  settings.schedule = sgd::parse_schedule(schedule);
  settings.warmup = warmup;
  settings.normalize_gradient = normalize_gradient == "on";
  settings.rewind_step = rewind_step;
  settings.batch_pixels = batch_pixels;
  settings.seed = seed;
  settings.validate();
  return settings;
}

void TrainingOptions::add_to(nlohmann::ordered_json& json) const {
  json["optimizer"] = optimizer;
  json["lr"] = rate;
  json["schedule"] = schedule;
  json["warmup"] = warmup;
  json["normalize-gradient"] = normalize_gradient;
  json["steps"] = steps;
  json["batch-pixels"] = batch_pixels;
  json["newton-schulz"] = newton_schulz;
  json["newton-schulz-coefficients"] = coefficients;
  json["rewind-step"] = rewind_step;
}

}  // namespace skein::experiments
