#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/progress.hpp"
#include "sgd/train/mean_of_last.hpp"
#include "sgd/train/train.hpp"

namespace skein::experiments {

/// A wiring to be fitted to a picture, or to other examples.
struct TrainingJob {
  sgd::Wiring wiring;
  Weights start;  ///< one per slot
  bool freeze_copies = false;
  sgd::TrainSettings settings;
  std::optional<sgd::TrainState> from = std::nullopt;  ///< a state to go on from, instead of a fresh start
  /// The training ends at the first network whose loss is below this one: what a longer training of the same settings
  /// has at that step. 0: it takes all its steps.
  double bar = 0;

  /// Whether the best network of a training so far lies under it, and has as few weights as are asked for.
  bool crossed(const sgd::TrainState& state) const;
};

/// Throws ConfigError when a step asks for more pixels than the picture has: before an earlier run gives way to this.
void require_batch_fits(const sgd::TrainSettings& settings, const Picture& target);

/// How a training survives being stopped.
struct CheckpointPlan {
  std::filesystem::path file;  ///< read if there, written now and then, removed by the caller; "": none
  std::int64_t every = 1000;   ///< steps; besides, once the last one is `oldest_checkpoint` old
  bool keep_last = false;      ///< also after the last step, for a longer training to go on from
  /// Asked before every write; when it says no the training ends as if stopped, and writes nothing. Empty: yes.
  std::function<bool()> may_write = {};
  bool pass_over_foreign = false;  ///< a checkpoint that is damaged or of another training counts as none
};

/// Seconds of work that may be lost: a checkpoint that is older is written anew.
inline constexpr double oldest_checkpoint = 20;

/// The step that a checkpoint file is at; 0 when there is none.
std::int64_t checkpointed_step(const std::filesystem::path& file);

struct TrainedNetwork {
  sgd::Mlp mlp;               ///< the best weights, the initial ones and the snapshot to rewind to
  std::vector<float> losses;  ///< of every step, before its update
  double loss = 0;            ///< mean of the last 100 steps
  double best_loss = 0;
  bool crossed = false;  ///< the job's bar
  std::int64_t steps = 0;
  std::int64_t steps_now = 0;  ///< without those of earlier starts
  double seconds = 0;          ///< the training loop alone, this start

  double mean_loss(std::size_t window) const { return sgd::mean_of_last(losses, window); }
  /// The loss that a row tells: where a bar ended the training that of its network, else the mean of the last ones.
  double told_loss(std::size_t window) const { return crossed ? best_loss : mean_loss(window); }
};

/// Trains to the end, going on from the checkpoint where there is one, with the same bits as without a stop.
/// Nothing when the listener asked to stop; the checkpoint is then up to date. Throws NumericError when the
/// loss leaves the finite numbers, and as the checkpoint's reader when it is damaged or of another training.
std::optional<TrainedNetwork> run_training(const TrainingJob& job, const sgd::Examples& target,
                                           const CheckpointPlan& checkpoints,
                                           const ProgressListener& listener);

/// "step,loss" with at most 2,000 lines, for files and figures: longer trainings as means over equal numbers
/// of steps, each at its last step.
std::string loss_curve_csv(const std::vector<float>& losses);

/// The steps and losses of such a file. Throws FormatError.
std::vector<std::pair<std::int64_t, double>> read_loss_curve(const std::filesystem::path& file);

}  // namespace skein::experiments
