#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "lib/base/progress.hpp"
#include "lib/picture/picture.hpp"
#include "sgd/recursion/recursion.hpp"
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

  /// Throws ConfigError: no stage, an ema outside [0, 1), settings that recursions have not (sparsity, rewinding,
  /// pixels drawn anew).
  void validate() const;
};

struct TrainedRecursion {
  sgd::RecursiveNet net;
  std::vector<float> losses;  ///< of every step, before its update
  double loss = 0;            ///< mean of the last 100 steps
  double best_loss = 0;       ///< of what is kept
  std::int64_t steps_now = 0;
  double seconds = 0;  ///< the training loop alone, this start
};

/// Trains to the end, going on from the checkpoint file where there is one, with the same bits as without a stop; the
/// file is written every `every` steps and when the listener asks to stop, which gives nothing. Throws NumericError
/// when the loss leaves the finite numbers; FormatError and ConfigError for a checkpoint that is damaged or of another
/// training.
std::optional<TrainedRecursion> run_recursion_training(const RecursionJob& job,
                                                       const std::filesystem::path& checkpoint,
                                                       std::int64_t every, const ProgressListener& listener);

}  // namespace skein::experiments
