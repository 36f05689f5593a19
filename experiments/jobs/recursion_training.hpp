#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "experiments/jobs/training_job.hpp"
#include "lib/base/progress.hpp"
#include "lib/picture/picture.hpp"
#include "sgd/recursion/recursion.hpp"
#include "sgd/train/mean_of_last.hpp"
#include "sgd/train/train.hpp"

namespace skein::experiments {

/// What a recursion is to draw at so many rounds.
struct RecursionStage {
  int rounds = 1;
  Picture target;
};

/// A recursion to be fitted. With several stages a step's loss is the mean over them (deep supervision).
struct RecursionJob {
  sgd::Recursion recursion;
  Weights start;  ///< one per slot
  std::vector<RecursionStage> stages;
  sgd::TrainSettings settings;
  double ema = 0;  ///< of the weights, each step: what is kept is the mean; 0: the weights of the least loss
  /// The training ends at the first network whose loss is below this one: what a longer training of the same settings
  /// has at that step. 0: it takes all its steps.
  double bar = 0;

  /// Throws ConfigError: no stage, an ema outside [0, 1), an ema with a bar (the mean's loss is not known on the way),
  /// settings that recursions have not (sparsity, rewinding, pixels drawn anew).
  void validate() const;
};

struct TrainedRecursion {
  sgd::RecursiveNet net;
  std::vector<float> losses;  ///< of every step, before its update
  double loss = 0;            ///< mean of the last 100 steps
  double best_loss = 0;       ///< of what is kept
  bool crossed = false;       ///< the job's bar
  std::int64_t steps = 0;
  std::int64_t steps_now = 0;  ///< without those of earlier starts
  double seconds = 0;          ///< the training loop alone, this start

  /// As `TrainedNetwork::told_loss`.
  double told_loss(std::size_t window) const {
    return crossed ? best_loss : sgd::mean_of_last(losses, window);
  }
};

/// Trains to the end, going on from the checkpoint where there is one, with the same bits as without a stop. Nothing
/// when the listener asked to stop; the checkpoint is then up to date. Throws NumericError when the loss leaves the
/// finite numbers; FormatError and ConfigError for a checkpoint that is damaged or of another training, unless the plan
/// passes over these.
std::optional<TrainedRecursion> run_recursion_training(const RecursionJob& job,
                                                       const CheckpointPlan& checkpoints,
                                                       const ProgressListener& listener);

}  // namespace skein::experiments
