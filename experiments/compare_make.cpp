#include "experiments/compare_make.hpp"

#include <algorithm>

#include "experiments/json_file.hpp"
#include "experiments/training_job.hpp"
#include "lib/error.hpp"
#include "lib/file.hpp"
#include "lib/image.hpp"
#include "sgd/initial_weights.hpp"
#include "sgd/mask_null.hpp"
#include "sgd/mlp_file.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

constexpr double second_try = 0.1;  // of the learning rate, after a divergence

fs::path folder_of(const CompareTask& task, const std::string& id) { return task.run / "rows" / id; }

/// A wiring and the weights that its training starts from.
struct Start {
  sgd::Wiring wiring;
  Weights weights;
  bool freeze_copies = false;
};

Start from_random(const CompareTask& task, sgd::Wiring wiring, std::uint64_t seed,
                  bool freeze_copies = false) {
  Start start{std::move(wiring), {}, freeze_copies};
  start.weights = sgd::initial_weights(
      start.wiring, {.seed = seed, .scale = task.settings.initial_scale, .copies_at_one = freeze_copies});
  return start;
}

sgd::Architecture architecture_of_row(const CompareTask& task, const PlannedRow& planned) {
  sgd::Architecture architecture = sgd::parse_architecture(task.settings.architecture);
  architecture.depth += planned.depth_offset;
  if (planned.method.kind == RowKind::relu)
    architecture.columns = {{{Activation::relu, false}, architecture.width()}};
  return architecture;
}

Start start_of(const CompareTask& task, const PlannedRow& planned) {
  const std::uint64_t seed = planned.seed.value_or(0);
  switch (planned.method.kind) {
    case RowKind::dense:
    case RowKind::relu:
      return from_random(task, sgd::dense_wiring(architecture_of_row(task, planned), picture_signature()),
                         seed);
    case RowKind::retrained:
      return from_random(task, task.evolved->wiring, seed);
    case RowKind::frozen:
      return from_random(task, task.evolved->wiring, seed, true);
    case RowKind::shuffled_evolved:
      return from_random(task, sgd::shuffle_degrees(task.evolved->wiring, seed), seed);
    case RowKind::evolved:
      break;
  }
  throw ConfigError("row " + planned.id + " is not trained from a start of its own");
}

CompareRow blank_row(const CompareTask& task, const PlannedRow& planned) {
  CompareRow row;
  row.id = planned.id;
  row.name = planned.name;
  row.label = planned.label;
  row.family = planned.method.family;
  row.seed = planned.seed;
  if (planned.method.kind == RowKind::evolved) return row;
  const sgd::TrainSettings settings = train_settings(task, planned);
  row.optimizer = name(settings.optimizer);
  row.learning_rate = settings.learning_rate;
  return row;
}

/// Writes the network and its picture, and what can be said of them without training.
void keep_network(const CompareTask& task, CompareRow& row, const sgd::Mlp& mlp) {
  const fs::path folder = folder_of(task, row.id);
  const std::string relative = "rows/" + row.id + "/";
  const Plan plan(sgd::lower(mlp.wiring).network);
  const Picture picture = draw(plan, mlp.weights, Grid{task.target.width, task.target.height});
  write_png(folder / "picture.png", to_image(picture));
  sgd::write_mlp(folder / "network.mlp", mlp);
  row.network = relative + "network.mlp";
  row.picture = relative + "picture.png";
  row.arch = sgd::architecture_of(mlp.wiring).text();
  row.weights = mlp.wiring.weight_count();
  row.nonzero = std::ranges::count_if(mlp.weights, [](float w) { return w != 0.0f; });
  const double error = mean_squared_error(picture, task.target);
  row.psnr = psnr(error);
  if (row.steps == 0) row.loss = row.best_loss = error;
}

void keep_training(const CompareTask& task, CompareRow& row, const TrainedNetwork& trained) {
  row.steps = trained.steps;
  row.loss = trained.loss;
  row.best_loss = trained.best_loss;
  write_file(folder_of(task, row.id) / "loss.csv", loss_curve_csv(trained.losses));
  row.loss_curve = "rows/" + row.id + "/loss.csv";
  keep_network(task, row, trained.mlp);
}

/// Trains; at a tenth of the rate when that diverges. False when stopped.
bool train_row(const CompareTask& task, const PlannedRow& planned, CompareRow& row,
               const ProgressListener& listener) {
  const Start start = start_of(task, planned);
  TrainingJob job{start.wiring, start.weights, start.freeze_copies, train_settings(task, planned)};
  const fs::path folder = folder_of(task, row.id), diverged = folder / "diverged.txt";
  const auto attempt = [&](const fs::path& checkpoint) {
    const auto trained = run_training(job, task.target, {.file = checkpoint}, listener);
    if (!trained) return false;
    keep_training(task, row, *trained);
    fs::remove(checkpoint);
    return true;
  };
  if (!fs::exists(diverged)) try {
      return attempt(folder / "checkpoint");
    } catch (const NumericError& e) {
      write_file(diverged, e.what());
      fs::remove(folder / "checkpoint");
    }
  row.note = read_file(diverged);
  row.status = RowStatus::retried;
  row.learning_rate = job.settings.learning_rate *= second_try;
  try {
    return attempt(folder / "checkpoint-again");
  } catch (const NumericError& e) {
    row.note = e.what();
    row.status = RowStatus::diverged;
    return true;
  }
}

}  // namespace

sgd::TrainSettings train_settings(const CompareTask& task, const PlannedRow& planned) {
  TrainingOptions options = task.settings.training;
  if (options.steps == 0) options.steps = budget_called(task.settings.budget).steps;
  if (!planned.method.optimizer.empty()) options.optimizer = planned.method.optimizer;
  return options.settings(planned.seed.value_or(0));
}

std::int64_t steps_of(const CompareTask& task, const PlannedRow& planned) {
  return planned.method.kind == RowKind::evolved ? 0 : train_settings(task, planned).steps;
}

std::optional<CompareRow> make_row(const CompareTask& task, const PlannedRow& planned,
                                   const ProgressListener& listener) {
  const fs::path made = folder_of(task, planned.id) / "made.json";
  if (fs::exists(made)) return row_from_json(read_json(made), made.string());
  make_folder(folder_of(task, planned.id));
  CompareRow row = blank_row(task, planned);
  if (planned.method.kind == RowKind::evolved) keep_network(task, row, *task.evolved);
  else if (!train_row(task, planned, row, listener)) return std::nullopt;
  write_file(made, to_json(row).dump(1) + "\n");
  return row;
}

}  // namespace skein::experiments
