#include "experiments/jobs/training_job.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <sstream>

#include "experiments/runs/version.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/seconds_since.hpp"
#include "sgd/train/checkpoint.hpp"

namespace skein::experiments {
namespace {

constexpr std::size_t longest_curve = 2000;

/// The trainer at its start, or where the checkpoint left it.
sgd::Trainer open_trainer(const TrainingJob& job, const sgd::Examples& target, const sgd::Checkpoint& wanted,
                          const CheckpointPlan& checkpoints) {
  sgd::Problem problem = sgd::problem_on(job.wiring, target, job.freeze_copies);
  std::optional<sgd::TrainState> from = job.from;
  if (std::filesystem::exists(checkpoints.file)) try {
      sgd::Checkpoint saved = sgd::read_checkpoint(checkpoints.file);
      sgd::require_same_training(saved, wanted);
      const Weights& initial = job.from ? job.from->initial : job.start;
      if (checkpoints.pass_over_foreign && saved.state.initial != initial)
        throw ConfigError("a checkpoint of other initial weights");
      from = std::move(saved.state);
    } catch (const Error&) {
      if (!checkpoints.pass_over_foreign) throw;
    }
  return from ? sgd::Trainer(std::move(problem), job.settings, *from)
              : sgd::Trainer(std::move(problem), job.settings, job.start);
}

}  // namespace

bool TrainingJob::crossed(const sgd::TrainState& state) const {
  if (!(bar > 0) || !(state.best_loss < bar)) return false;
  return settings.settled(state.best_step);
}

void require_batch_fits(const sgd::TrainSettings& settings, const Picture& target) {
  if (settings.batch > target.pixels())
    throw ConfigError("pixels per step is " + std::to_string(settings.batch) + "; there are " +
                      std::to_string(target.pixels()));
}

std::int64_t checkpointed_step(const std::filesystem::path& file) {
  return std::filesystem::exists(file) ? sgd::read_checkpoint(file).state.step : 0;
}

std::optional<TrainedNetwork> run_training(const TrainingJob& job, const sgd::Examples& target,
                                           const CheckpointPlan& checkpoints,
                                           const ProgressListener& listener) {
  sgd::Checkpoint checkpoint{.wiring = job.wiring,
                             .freeze_copies = job.freeze_copies,
                             .settings = job.settings,
                             .target = sgd::fingerprint(target),
                             .instruction_set = instruction_set_text(),
                             .state = {}};
  checkpoint.state.initial = job.start;
  sgd::Trainer trainer = open_trainer(job, target, checkpoint, checkpoints);
  const auto save = [&] {
    if (checkpoints.file.empty()) return true;
    if (checkpoints.may_write && !checkpoints.may_write()) return false;
    checkpoint.state = trainer.state();
    sgd::write_checkpoint(checkpoints.file, checkpoint);
    return true;
  };
  TrainedNetwork trained;
  const std::int64_t first = trainer.state().step;
  auto saved = std::chrono::steady_clock::now();
  while (!trainer.done() && !job.crossed(trainer.state())) {
    const std::int64_t step = trainer.state().step, report = job.settings.report_every;
    std::int64_t piece = std::min(report - step % report, checkpoints.every - step % checkpoints.every);
    if (job.bar > 0) piece = 1;
    const auto start = std::chrono::steady_clock::now();
    const bool go_on = trainer.advance(piece, listener);
    trained.seconds += seconds_since(start);
    if (!go_on) {
      save();
      return std::nullopt;
    }
    if (trainer.state().step % checkpoints.every == 0 || seconds_since(saved) > oldest_checkpoint) {
      if (!save()) return std::nullopt;
      saved = std::chrono::steady_clock::now();
    }
  }
  if (checkpoints.keep_last && !save()) return std::nullopt;
  const sgd::TrainState& state = trainer.state();
  trained.mlp = sgd::trained_mlp(job.wiring, job.settings, state);
  trained.losses = state.losses;
  trained.loss = state.mean_loss();
  trained.best_loss = state.best_loss;
  trained.crossed = job.crossed(state);
  trained.steps = state.step;
  trained.steps_now = state.step - first;
  return trained;
}

std::string loss_curve_csv(const std::vector<float>& losses) {
  const std::size_t bin = std::max<std::size_t>(1, (losses.size() + longest_curve - 1) / longest_curve);
  std::string csv = "step,loss\n";
  for (std::size_t first = 0; first < losses.size(); first += bin) {
    const std::size_t last = std::min(losses.size(), first + bin);
    double sum = 0;
    for (std::size_t i = first; i < last; ++i) sum += static_cast<double>(losses[i]);
    char line[64];
    std::snprintf(line, sizeof line, "%zu,%.9g\n", last, sum / static_cast<double>(last - first));
    csv += line;
  }
  return csv;
}

std::vector<std::pair<std::int64_t, double>> read_loss_curve(const std::filesystem::path& file) {
  std::istringstream lines(read_file(file));
  std::string line;
  if (!std::getline(lines, line) || line != "step,loss")
    throw FormatError(file.string() + ": not a table of losses");
  std::vector<std::pair<std::int64_t, double>> curve;
  while (std::getline(lines, line)) {
    std::pair<std::int64_t, double> point;
    const char* end = line.data() + line.size();
    const auto step = std::from_chars(line.data(), end, point.first);
    if (step.ec != std::errc{} || step.ptr == end || *step.ptr != ',' ||
        std::from_chars(step.ptr + 1, end, point.second).ec != std::errc{})
      throw FormatError(file.string() + ": '" + line + "' is not a step and a loss");
    curve.push_back(point);
  }
  return curve;
}

}  // namespace skein::experiments
