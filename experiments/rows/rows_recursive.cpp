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

/// What pages call an arm, and say of it.
struct ArmText {
  const char* label = "";
  const char* note = "";
};

ArmText text_of(RecursionArm arm) {
  switch (arm) {
    case RecursionArm::tied:
    case RecursionArm::tied_rounds:
      return {"recursion, tied",
              "One block of units that is applied several times with the same weights to a state, "
              "which it reads with the inputs and adds to (after Jolicoeur-Martineau 2025); from "
              "random weights. A weight counts once, and a step on it moves it in every round."};
    case RecursionArm::untied:
      return {"recursion, untied",
              "As the tied recursion, but with weights of its own in every round and the block's "
              "units divided by the rounds: nearly as many weights."};
    case RecursionArm::untied_deep:
      return {"recursion, untied, all units",
              "As the tied recursion, but with weights of its own in every round and all units: "
              "as deep and as wide, with more weights."};
  }
  return {};
}

constexpr const char* unmeasured =
    " What a weight's or a unit's one place in the wiring is asked for is not measured of it.";

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
  const ArmText text = text_of(arm);
  RowMethod method{.name = std::string(name(arm)),
                   .label = text.label,
                   .note = std::string(text.note) + unmeasured,
                   .family = RowFamily::recursive,
                   .only_named = true,
                   .arm = arm};
  if (arm == RecursionArm::tied) method.against = {"untied", "untied-deep", "dense-adam"};
  method.make = [arm](const RowWork& work) { return train_recursion(work, arm); };
  return method;
}

}  // namespace skein::experiments
