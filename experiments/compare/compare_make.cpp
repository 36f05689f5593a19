#include "experiments/compare/compare_make.hpp"

#include <algorithm>

#include "experiments/compare/compare_cut.hpp"
#include "experiments/compare/compare_parent.hpp"
#include "experiments/runs/json_file.hpp"
#include "experiments/runs/training_job.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/picture/image.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/prune/mask_null.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

/// A wiring and the weights that its training starts from.
struct Start {
  sgd::Wiring wiring;
  Weights weights;
  bool freeze_copies = false;
};

Start start_of(const CompareTask& task, const PlannedRow& planned) {
  const RowKind kind = planned.method.kind;
  if (kind == RowKind::dense || kind == RowKind::relu) {
    sgd::Mlp dense = dense_start(task, planned);
    return {std::move(dense.wiring), std::move(dense.weights)};
  }
  const std::uint64_t seed = planned.seed.value_or(0);
  Start start{task.evolved->wiring, {}, kind == RowKind::frozen};
  if (kind == RowKind::shuffled_evolved) start.wiring = sgd::shuffle_degrees(start.wiring, seed);
  start.weights =
      sgd::initial_weights(start.wiring, {.seed = seed,
                                          .scale = row_options(task.settings, planned).initial_scale,
                                          .copies_at_one = start.freeze_copies});
  return start;
}

/// Writes the network and its picture, and what can be said of them without training. Returns the picture.
Picture keep_network(const CompareTask& task, CompareRow& row, const sgd::Mlp& mlp) {
  const fs::path folder = row_folder(task, row.id);
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
  return picture;
}

void keep_curve(const CompareTask& task, CompareRow& row, const std::string& curve) {
  write_file(row_folder(task, row.id) / "loss.csv", curve);
  row.loss_curve = "rows/" + row.id + "/loss.csv";
}

/// Trains a start of the row's own. Returns what its network draws; nothing when stopped.
std::optional<Picture> train_row(const CompareTask& task, const PlannedRow& planned, CompareRow& row,
                                 const sgd::TrainSettings& settings, const fs::path& folder,
                                 const ProgressListener& listener) {
  const fs::path checkpoint = folder / "checkpoint";
  const Start start = start_of(task, planned);
  if (planned.method.kind == RowKind::dense) continue_from_parent(task, planned.id, settings, checkpoint);
  const auto trained = run_training({start.wiring, start.weights, start.freeze_copies, settings, {}},
                                    task.target, {.file = checkpoint}, listener);
  if (!trained) return std::nullopt;
  row.steps = trained->steps;
  row.loss = trained->mean_loss(loss_window(trained->steps));
  row.best_loss = trained->best_loss;
  keep_curve(task, row, loss_curve_csv(trained->losses));
  fs::remove(checkpoint);
  return keep_network(task, row, trained->mlp);
}

/// Cuts the row's network from its dense parent. Returns what it draws; nothing when stopped.
std::optional<Picture> cut_row(const CompareTask& task, const PlannedRow& planned, CompareRow& row,
                               const sgd::TrainSettings& settings, const fs::path& folder,
                               const ProgressListener& listener) {
  const auto cut = cut_network(task, planned, settings, folder, listener);
  if (!cut) return std::nullopt;
  row.steps = cut->steps;
  row.loss = cut->loss;
  row.best_loss = cut->best_loss;
  if (!cut->trouble.empty()) {
    row.status = RowStatus::retried;
    row.note = "its dense parent: " + cut->trouble;
  }
  keep_curve(task, row, cut->curve);
  return keep_network(task, row, cut->mlp);
}

/// Whether a training ended at one colour though the target has more.
bool is_dead(const CompareTask& task, const Picture& drawn) {
  return is_constant(drawn) && !is_constant(task.target);
}

/// Trains or cuts; at a tenth of the rate when that diverges or goes dead. False when stopped.
bool fit_row(const CompareTask& task, const PlannedRow& planned, CompareRow& row,
             const ProgressListener& listener) {
  const fs::path folder = row_folder(task, row.id), trouble = folder / "diverged.txt";
  sgd::TrainSettings settings =
      row_options(task.settings, planned).training.settings(planned.seed.value_or(0));
  const auto attempt = [&](const fs::path& place) {
    row = blank_row(task, planned);
    row.learning_rate = settings.learning_rate;
    make_folder(place);
    return (planned.count > 0 ? cut_row : train_row)(task, planned, row, settings, place, listener);
  };
  if (!fs::exists(trouble)) try {
      const auto drawn = attempt(folder);
      if (drawn) require_drawing(task, *drawn, row.steps);
      return drawn.has_value();
    } catch (const NumericError& e) {
      write_file(trouble, e.what());
      for (const char* left : {"checkpoint", "network.mlp", "picture.png", "loss.csv"})
        fs::remove(folder / left);
    }
  settings.learning_rate *= second_rate;
  try {
    const auto drawn = attempt(folder / "again");
    if (!drawn) return false;
    const bool dead = is_dead(task, *drawn);
    row.status = dead ? RowStatus::blank : RowStatus::retried;
    row.note = read_file(trouble) + (dead ? ", at a tenth of the rate too" : "");
  } catch (const NumericError& e) {
    row = blank_row(task, planned);
    row.learning_rate = settings.learning_rate;
    row.note = e.what();
    row.status = RowStatus::diverged;
  }
  return true;
}

}  // namespace

void require_drawing(const CompareTask& task, const Picture& drawn, std::int64_t steps) {
  if (is_dead(task, drawn)) throw NumericError("draws one colour after " + std::to_string(steps) + " steps");
}

fs::path row_folder(const CompareTask& task, const std::string& id) { return task.run / "rows" / id; }

CompareRow blank_row(const CompareTask& task, const PlannedRow& planned) {
  CompareRow row;
  row.id = planned.id;
  row.name = planned.name;
  row.method = planned.method.name;
  row.label = planned.label;
  row.family = planned.method.family;
  row.seed = planned.seed;
  row.asked = planned.count;
  row.parent = planned.like.empty() ? planned.base : planned.like;
  if (planned.method.kind == RowKind::evolved) return row;
  const RowOptions options = row_options(task.settings, planned);
  row.optimizer = options.training.optimizer;
  row.learning_rate = options.training.rate;
  return row;
}

std::int64_t steps_of(const CompareTask& task, const PlannedRow& planned) {
  if (planned.method.kind == RowKind::evolved) return 0;
  const std::int64_t total = row_options(task.settings, planned).training.steps;
  return planned.count > 0 ? total - parent_steps(total) : total;
}

std::optional<CompareRow> make_row(const CompareTask& task, const PlannedRow& planned,
                                   const ProgressListener& listener) {
  const fs::path made = row_folder(task, planned.id) / "made.json";
  if (fs::exists(made)) return row_from_json(read_json(made), made.string());
  make_folder(row_folder(task, planned.id));
  CompareRow row = blank_row(task, planned);
  if (planned.method.kind == RowKind::evolved) keep_network(task, row, *task.evolved);
  else if (!fit_row(task, planned, row, listener)) return std::nullopt;
  write_file(made, to_json(row).dump(1) + "\n");
  return row;
}

}  // namespace skein::experiments
