#include "experiments/fit/training_flags.hpp"

#include <CLI/CLI.hpp>

namespace skein::experiments {

void add_training_options(CLI::App& app, TrainingOptions& options, OptionUses* uses) {
  app.add_option("--optimizer", options.optimizer, "adam (default), muon or sgd")
      ->check(CLI::IsMember({"adam", "muon", "sgd"}));
  app.add_option("--lr", options.rate, "learning rate (default 3e-3)");
  app.add_option("--schedule", options.schedule, "constant (default), cosine or warmup-cosine")
      ->check(CLI::IsMember({"constant", "cosine", "warmup-cosine"}));
  const CLI::Option* warmup =
      app.add_option("--warmup", options.warmup, "steps of linear rise, for warmup-cosine");
  app.add_option("--normalize-gradient", options.normalize_gradient,
                 "divide it by its norm: on (default) or off")
      ->check(CLI::IsMember({"on", "off"}));
  app.add_option("--steps", options.steps, "of training (default 100000)");
  app.add_option("--batch-pixels", options.batch_pixels, "pixels drawn anew each step (default 0: all)");
  const CLI::Option* iterations = app.add_option("--newton-schulz", options.newton_schulz,
                                                 "steps of Muon's orthogonalisation (default 5)");
  const CLI::Option* coefficients =
      app.add_option("--newton-schulz-coefficients", options.coefficients, "usual (default) or convergent")
          ->check(CLI::IsMember({"usual", "convergent"}));
  app.add_option("--sparsity", options.sparsity,
                 "weight-sparse training: the fraction of each matrix's weights that stays (default 1: all)");
  app.add_option("--sparsity-schedule", options.sparsity_schedule,
                 "linear (default: fewer from step to step over the first half) or constant")
      ->check(CLI::IsMember({"linear", "constant"}));
  app.add_option(
      "--penalty", options.penalty,
      "l1:STRENGTH, or group-lasso:STRENGTH on each unit's outgoing weights: growing over the first half "
      "of the steps, it draws weights to 0 (default none)");
  app.add_option("--rewind-step", options.rewind_step,
                 "keep the weights before this step for rewinding (default 0: none)");
  if (uses == nullptr) return;
  const auto muon = [&options] { return options.optimizer == "muon"; };
  uses->only(warmup, "with --schedule warmup-cosine",
             [&options] { return options.schedule == "warmup-cosine"; });
  uses->only(iterations, "with --optimizer muon", muon);
  uses->only(coefficients, "with --optimizer muon", muon);
}

}  // namespace skein::experiments
