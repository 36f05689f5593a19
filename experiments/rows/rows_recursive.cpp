// The rows whose network is a block applied several times: with the same weights, and its two controls.
#include "experiments/rows/rows_recursive.hpp"

#include "experiments/rows/row_methods.hpp"
#include "experiments/rows/trained_row.hpp"

namespace skein::experiments {
namespace {

/// Trains to the end. Nothing when stopped.
std::optional<MadeRow> train_recursion(const RowWork& work, RecursionArm arm) {
  const RecursionJob job = recursion_job(arm, work.options, work.settings, work.target.picture);
  const auto trained = run_recursion_training(job, checkpoints_of(work), work.listener);
  if (!trained) return std::nullopt;
  return trained_row(net_of(trained->net, work.key.method, NetSource::run), *trained);
}

const char* label_of_arm(RecursionArm arm) {
  return arm == RecursionArm::untied        ? "recursion, untied"
         : arm == RecursionArm::untied_deep ? "recursion, untied, all units"
                                            : "recursion, tied";
}

std::string note_of_arm(RecursionArm arm) {
  constexpr const char* absent =
      " What a weight's or a unit's one place in the wiring is asked for is not measured of it.";
  switch (arm) {
    case RecursionArm::untied:
      return std::string(
                 "As the tied recursion, but with weights of its own in every round and the block's "
                 "units divided by the rounds: nearly as many weights.") +
             absent;
    case RecursionArm::untied_deep:
      return std::string(
                 "As the tied recursion, but with weights of its own in every round and all units: "
                 "as deep and as wide, with more weights.") +
             absent;
    default:
      return std::string(
                 "One block of units that is applied several times with the same weights to a state, "
                 "which it reads with the inputs and adds to (after Jolicoeur-Martineau 2025); from "
                 "random weights. A weight counts once, and a step on it moves it in every round.") +
             absent;
  }
}

}  // namespace

sgd::Recursion recursion_of_row(RecursionArm arm, const RowOptions& options) {
  const sgd::Recursion base = parse_base_recursion(options.recursion);
  return recursion_of(arm, base, base.rounds);
}

RecursionJob recursion_job(RecursionArm arm, const RowOptions& options, const sgd::TrainSettings& settings,
                           const Picture& target) {
  RecursionJob job{.recursion = recursion_of_row(arm, options),
                   .start = {},
                   .stages = {},
                   .settings = settings,
                   .bar = options.bar};
  job.stages.push_back({job.recursion.rounds, target});
  job.start = sgd::initial_weights(job.recursion, picture_signature(), settings.seed, options.initial_scale);
  return job;
}

RowMethod recursion_row(RecursionArm arm) {
  RowMethod method{.name = std::string(name(arm)),
                   .label = label_of_arm(arm),
                   .note = note_of_arm(arm),
                   .family = RowFamily::recursive,
                   .only_named = true,
                   .arm = arm};
  if (arm == RecursionArm::tied) method.against = {"untied", "untied-deep", "dense-adam"};
  method.make = [arm](const RowWork& work) { return train_recursion(work, arm); };
  return method;
}

}  // namespace skein::experiments
