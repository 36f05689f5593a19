#include "experiments/jobs/recursion_training.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

#include "experiments/runs/version.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "lib/base/seconds_since.hpp"
#include "lib/files/bounded_archive.hpp"
#include "lib/files/framed_file.hpp"
#include "sgd/train/checkpoint.hpp"

namespace skein::experiments {
namespace {

constexpr std::string_view checkpoint_kind = "recursion-run";
constexpr std::uint32_t checkpoint_version = 1;
constexpr double longest_silence = 0.5;  // seconds until the listener is asked again

using Clock = std::chrono::steady_clock;

/// Everything that training moves, and which training it is of.
struct RecursionState {
  std::uint64_t job = 0;
  std::int64_t step = 0;
  Weights weights, best;
  double best_loss = std::numeric_limits<double>::infinity();
  std::vector<float> losses;
  std::vector<double> mean;  ///< of the weights, with ema
  sgd::OptimizerState optimizer;

  template <class Archive>
  void fields(Archive& archive) {
    archive(job, step, weights, best, best_loss, losses, mean, optimizer.step, optimizer.first,
            optimizer.second);
  }
};

std::uint64_t job_hash(const RecursionJob& job) {
  const sgd::TrainSettings& s = job.settings;
  std::string text = job.recursion.text() + " " + std::string(sgd::name(s.optimizer)) + " " +
                     std::to_string(static_cast<int>(s.schedule)) + " " + instruction_set_text();
  for (const double number : {s.learning_rate, s.schedule_floor, job.ema, static_cast<double>(s.steps),
                              static_cast<double>(s.warmup), s.normalize_gradient ? 1.0 : 0.0})
    text.append(reinterpret_cast<const char*>(&number), sizeof number);
  if (const auto* muon = std::get_if<sgd::Muon>(&s.optimizer))
    text += std::to_string(muon->newton_schulz_steps) + std::to_string(static_cast<int>(muon->coefficients));
  text.append(reinterpret_cast<const char*>(job.start.data()), job.start.size() * sizeof(float));
  for (const RecursionStage& stage : job.stages)
    text += " " + std::to_string(stage.rounds) + ":" + std::to_string(sgd::fingerprint(stage.target));
  return fnv1a(text);
}

void write_state(const std::filesystem::path& file, RecursionState& state) {
  ByteOutput archive;
  state.fields(archive);
  write_framed(file, checkpoint_kind, checkpoint_version, archive.bytes());
}

RecursionState read_state(const std::filesystem::path& file, const RecursionState& fresh) {
  const Framed framed = read_framed(file, checkpoint_kind, checkpoint_version);
  BoundedInput archive(framed.payload, file.string());
  RecursionState state;
  state.fields(archive);
  archive.finish();
  if (state.job != fresh.job)
    throw ConfigError(file.string() + ": a checkpoint of another training; --force starts anew");
  const std::size_t count = fresh.weights.size();
  if (state.weights.size() != count || state.step < 0 || state.step != std::ssize(state.losses) ||
      (state.step > 0 && state.best.size() != count) || state.mean.size() != fresh.mean.size() ||
      state.optimizer.first.size() != fresh.optimizer.first.size() ||
      state.optimizer.second.size() != fresh.optimizer.second.size())
    throw FormatError(file.string() + ": the parts of this checkpoint do not belong together");
  return state;
}

/// The state that a checkpoint file holds; `fresh` where there is none that is to count.
RecursionState opened_state(const CheckpointPlan& checkpoints, const RecursionState& fresh) {
  if (checkpoints.file.empty() || !std::filesystem::exists(checkpoints.file)) return fresh;
  try {
    return read_state(checkpoints.file, fresh);
  } catch (const Error&) {
    if (!checkpoints.pass_over_foreign) throw;
    return fresh;
  }
}

/// One step after the other.
class RecursionTrainer {
 public:
  explicit RecursionTrainer(const RecursionJob& job)
      : job_(job),
        lowered_(sgd::lower(job.recursion, picture_signature())),
        optimizer_(job.settings.optimizer, lowered_.trainable.size(), lowered_.layout, lowered_.trainable),
        rates_(job.settings.rates()),
        gradient_(lowered_.trainable.size()),
        of_stage_(lowered_.trainable.size()) {
    for (const RecursionStage& stage : job.stages)
      losses_.emplace_back(
          Plan(sgd::lower(job.recursion, picture_signature(), stage.rounds).network, {lowered_.trainable}),
          Grid{stage.target.width, stage.target.height}, stage.target);
    state_.job = job_hash(job);
    state_.weights = job.start;
    if (job.ema > 0) state_.mean.assign(job.start.begin(), job.start.end());
    state_.optimizer = optimizer_.start();
  }

  void step() {
    const double loss = value_and_gradient();
    if (loss < state_.best_loss) {
      state_.best_loss = loss;
      state_.best = state_.weights;
    }
    state_.losses.push_back(static_cast<float>(loss));
    double square = 0;
    for (const float g : gradient_) square += static_cast<double>(g) * static_cast<double>(g);
    if (job_.settings.normalize_gradient && square > 0)
      for (float& g : gradient_) g = static_cast<float>(static_cast<double>(g) / std::sqrt(square));
    optimizer_.step(state_.optimizer, rates_.at(state_.step), gradient_, state_.weights);
    for (std::size_t i = 0; i < state_.mean.size(); ++i)
      state_.mean[i] = job_.ema * state_.mean[i] + (1 - job_.ema) * static_cast<double>(state_.weights[i]);
    ++state_.step;
  }
  double mean_loss() const { return sgd::mean_of_last(state_.losses, 100); }
  bool crossed() const { return job_.bar > 0 && state_.best_loss < job_.bar; }
  bool done() const { return state_.step >= job_.settings.steps || crossed(); }
  TrainedRecursion finished() {
    TrainedRecursion trained{{job_.recursion, picture_signature(), state_.best, job_.start},
                             state_.losses,
                             mean_loss(),
                             state_.best_loss,
                             crossed(),
                             state_.step};
    if (!state_.mean.empty()) {
      std::ranges::transform(state_.mean, trained.net.weights.begin(),
                             [](double w) { return static_cast<float>(w); });
      trained.best_loss = 0;
      for (Loss& loss : losses_) trained.best_loss += loss.value(trained.net.weights) / std::size(losses_);
    }
    return trained;
  }
  RecursionState& state() { return state_; }

 private:
  double value_and_gradient() {
    double loss = 0;
    std::vector<double> sum(gradient_.size(), 0.0);
    for (Loss& of : losses_) {
      loss += of.value_and_gradient(state_.weights, of_stage_) / static_cast<double>(losses_.size());
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<double>(of_stage_[i]);
    }
    for (std::size_t i = 0; i < sum.size(); ++i)
      gradient_[i] = static_cast<float>(sum[i] / static_cast<double>(losses_.size()));
    if (!std::isfinite(loss) || !std::ranges::all_of(gradient_, [](float g) { return std::isfinite(g); }))
      throw NumericError("training stopped at step " + std::to_string(state_.step) +
                         ": the loss or its gradient is not finite; a lower learning rate than " +
                         std::to_string(job_.settings.learning_rate) + " may help");
    return loss;
  }

  const RecursionJob& job_;
  sgd::LoweredRecursion lowered_;
  sgd::Optimizer optimizer_;
  sgd::RateSchedule rates_;
  std::vector<Loss> losses_;
  std::vector<float> gradient_, of_stage_;
  RecursionState state_;
};

}  // namespace

void RecursionJob::validate() const {
  settings.validate();
  if (stages.empty()) throw ConfigError("recursion: nothing to be fitted to");
  if (!(ema >= 0 && ema < 1))
    throw ConfigError("recursion: ema is " + std::to_string(ema) + "; it must lie in [0, 1)");
  if (!(bar >= 0)) throw ConfigError("recursion: the bar is " + std::to_string(bar) + "; it must be a loss");
  if (bar > 0 && ema > 0) throw ConfigError("recursion: a bar and an ema exclude each other");
  if (settings.steps < 1) throw ConfigError("recursion: steps must be 1 or more");
  if (settings.sparsity.active())
    throw ConfigError("--sparsity is not for recursions: their weights are tied");
  if (settings.penalty.active()) throw ConfigError("--penalty is not for recursions: their weights are tied");
  if (settings.rewind_step > 0)
    throw ConfigError("--rewind-step is not for recursions: nothing rewinds them");
  if (settings.batch > 0)
    throw ConfigError("--batch-pixels is not for recursions: they are fitted to all pixels");
}

std::optional<TrainedRecursion> run_recursion_training(const RecursionJob& job,
                                                       const CheckpointPlan& checkpoints,
                                                       const ProgressListener& listener) {
  job.validate();
  RecursionTrainer trainer(job);
  RecursionState& state = trainer.state();
  state = opened_state(checkpoints, state);
  const auto save = [&] {
    if (checkpoints.file.empty()) return true;
    if (checkpoints.may_write && !checkpoints.may_write()) return false;
    write_state(checkpoints.file, state);
    return true;
  };
  const std::int64_t first = state.step;
  const auto begun = Clock::now();
  auto saved = begun, told = begun;
  while (!trainer.done()) {
    trainer.step();
    const bool last = trainer.done();
    if (listener &&
        (state.step % job.settings.report_every == 0 || last || seconds_since(told) > longest_silence)) {
      told = Clock::now();
      if (!listener({"train",
                     state.step,
                     job.settings.steps,
                     {{"loss", trainer.mean_loss()}, {"best_loss", state.best_loss}}})) {
        save();
        return std::nullopt;
      }
    }
    if (!last && (state.step % checkpoints.every == 0 || seconds_since(saved) > oldest_checkpoint)) {
      if (!save()) return std::nullopt;
      saved = Clock::now();
    }
  }
  if (checkpoints.keep_last && !save()) return std::nullopt;
  TrainedRecursion trained = trainer.finished();
  trained.seconds = seconds_since(begun);
  trained.steps_now = state.step - first;
  return trained;
}

}  // namespace skein::experiments
