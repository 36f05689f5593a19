#include "experiments/jobs/training_options.hpp"

namespace skein::experiments {

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
  settings.batch = batch_pixels;
  settings.seed = seed;
  settings.sparsity = {sparsity, sgd::parse_sparsity_schedule(sparsity_schedule)};
  settings.penalty = sgd::parse_penalty(penalty);
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
  if (sparsity < 1) {
    json["sparsity"] = sparsity;
    json["sparsity-schedule"] = sparsity_schedule;
  }
  if (penalty != "none") json["penalty"] = penalty;
}

}  // namespace skein::experiments
