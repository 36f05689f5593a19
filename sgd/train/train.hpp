#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "lib/base/progress.hpp"
#include "lib/engine/engine.hpp"
#include "lib/network/weight_layout.hpp"
#include "sgd/mlp/mlp.hpp"
#include "sgd/train/optimizer.hpp"
#include "sgd/train/penalty.hpp"
#include "sgd/train/schedule.hpp"
#include "sgd/train/sparsity.hpp"

namespace skein::sgd {

/// What a network is fitted to: where it is evaluated and what it is to give there.
struct Examples {
  SampleSource samples;
  Target target;

  Examples(SampleSource where, Target what) : samples(std::move(where)), target(std::move(what)) {}
  /// A picture on its own grid, by mean squared error on RGB.
  Examples(Picture picture) : samples(Grid{picture.width, picture.height}), target(std::move(picture)) {}
};

/// What is fitted to what: a network's weights so that it gives the target at the samples.
struct Problem {
  Network network;
  WeightLayout layout;                  ///< may be empty unless Muon is asked for
  std::vector<std::uint8_t> trainable;  ///< one flag per slot; empty: all
  SampleSource samples;
  Target target;
};

/// A layered MLP's weights fitted to examples of any kind. With `freeze_copies` the copies' weights stay what
/// they are. Throws as `lower` does.
Problem problem_on(const Wiring& wiring, Examples examples, bool freeze_copies = false);

/// The same with a picture.
Problem picture_problem(const Wiring& wiring, const Picture& target, bool freeze_copies = false);

/// How weights are fitted. The defaults are those of Kumar, Clune, Lehman and Stanley 2025.
struct TrainSettings {
  std::int64_t steps = 100'000;
  OptimizerSettings optimizer = Adam{};
  double learning_rate = 3e-3;
  ScheduleKind schedule = ScheduleKind::constant;
  std::int64_t warmup = 0;         ///< steps; only for warmup_cosine
  double schedule_floor = 0;       ///< what a cosine ends on, as a fraction of the learning rate
  bool normalize_gradient = true;  ///< divide the gradient by its Euclidean norm (left alone when that is 0)
  std::int64_t rewind_step = 0;    ///< the weights before this step are kept for rewinding; 0: none
  std::uint32_t batch = 0;  ///< samples (pixels of a grid, or of a table) drawn anew for each step; 0: all
  std::uint64_t seed = 0;   ///< of the samples drawn
  std::int64_t report_every = 50;  ///< steps between progress events
  Sparsity sparsity = {};          ///< weights set to 0 after each step; none unless asked for
  Penalty penalty = {};            ///< what draws weights to 0 after each step; none unless asked for
  bool operator==(const TrainSettings&) const = default;

  /// Throws ConfigError.
  void validate() const;
  RateSchedule rates() const;
  /// Whether what follows `steps_taken` is as sparse, and its penalty as strong, as in the end: only then a network counts
  /// as the best for long.
  bool settled(std::int64_t steps_taken) const;
};

/// Everything that training moves; with the problem and the settings it determines all that follows.
struct TrainState {
  std::int64_t step = 0;  ///< steps taken
  Weights weights;
  Weights initial;  ///< weights before step 0
  Weights rewind;   ///< weights before step `rewind_step`; empty until then
  /// Weights of the least loss so far, of those as sparse as they are to be in the end and under the whole penalty.
  Weights best;
  double best_loss = std::numeric_limits<double>::infinity();
  std::int64_t best_step = 0;
  std::vector<float> losses;  ///< of every step taken, before its update
  OptimizerState optimizer;
  bool operator==(const TrainState&) const = default;

  /// Mean of the last `count` losses (of all, when there are fewer; infinite without any).
  double mean_loss(std::size_t count = 100) const;
};

/// The training loop, as a value that can be stopped after any step, saved and continued with the same bits.
class Trainer {
 public:
  /// Starts from `weights`. Throws ConfigError when settings or sizes do not fit.
  Trainer(Problem problem, TrainSettings settings, Weights weights);
  /// Continues. Throws ConfigError when the state is not one of this problem and these settings.
  Trainer(Problem problem, TrainSettings settings, TrainState state);

  const TrainSettings& settings() const { return settings_; }
  const TrainState& state() const { return state_; }
  bool done() const { return state_.step >= settings_.steps; }

  /// One step: loss and gradient, then the update. Throws NumericError naming step and cause when the loss or
  /// a gradient is not finite; the state is then still that before the step.
  void step();
  /// At most `steps` steps, fewer at the end. Events of the stage "train" carry loss, best_loss and rate.
  /// Returns false when the listener asked to stop.
  bool advance(std::int64_t steps, const ProgressListener& listener = {});
  /// To the end, or until the listener asks to stop.
  bool run(const ProgressListener& listener = {}) { return advance(settings_.steps, listener); }

 private:
  [[noreturn]] void refuse_not_finite(double loss);
  double sparsity_at(std::int64_t step) const;
  bool report(const ProgressListener& listener) const;

  Problem problem_;
  TrainSettings settings_;
  RateSchedule rates_;
  Optimizer optimizer_;
  SparseProjection sparse_;
  PenaltyStep penalty_;
  Loss loss_;
  TrainState state_;
  std::vector<float> gradient_;
};

/// The MLP that a training has reached: the best weights, with the initial ones and those to rewind to.
Mlp trained_mlp(const Wiring& wiring, const TrainSettings& settings, const TrainState& state);

}  // namespace skein::sgd
