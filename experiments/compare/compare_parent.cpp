#include "experiments/compare/compare_parent.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/runs/json_file.hpp"
#include "experiments/runs/training_job.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/train/checkpoint.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

/// In the dense row's folder. The record is written last.
struct ParentFiles {
  fs::path network, record, state, diverged;

  ParentFiles(const CompareTask& task, const std::string& id) {
    const fs::path folder = row_folder(task, id);
    network = folder / "parent.mlp";
    record = folder / "parent.json";
    state = folder / "parent.checkpoint";
    diverged = folder / "parent-diverged.txt";
  }
};

}  // namespace

sgd::Mlp dense_start(const CompareTask& task, const PlannedRow& planned) {
  sgd::Architecture architecture = sgd::parse_architecture(task.settings.architecture);
  architecture.depth += planned.depth_offset;
  if (planned.method.kind == RowKind::relu)
    architecture.columns = {{{Activation::relu, false}, architecture.width()}};
  sgd::Mlp start;
  start.wiring = sgd::dense_wiring(architecture, picture_signature());
  start.weights = sgd::initial_weights(
      start.wiring,
      {.seed = planned.seed.value_or(0), .scale = row_options(task.settings, planned).initial_scale});
  return start;
}

bool make_parent(const CompareTask& task, const PlannedRow& dense, const ProgressListener& listener) {
  const ParentFiles files(task, dense.id);
  if (fs::exists(files.record)) return true;
  make_folder(row_folder(task, dense.id));
  const sgd::Mlp start = dense_start(task, dense);
  TrainingJob job{start.wiring,
                  start.weights,
                  false,
                  row_options(task.settings, dense).training.settings(dense.seed.value_or(0)),
                  {}};
  job.settings.steps = std::max<std::int64_t>(1, parent_steps(job.settings.steps));
  if (job.settings.rewind_step > job.settings.steps) job.settings.rewind_step = 0;
  const auto attempt = [&] {
    const auto trained = run_training(job, task.target, {.file = files.state, .keep_last = true}, listener);
    if (!trained) return false;
    const Plan plan(sgd::lower(trained->mlp.wiring).network);
    require_drawing(task, draw(plan, trained->mlp.weights, Grid{task.target.width, task.target.height}),
                    trained->steps);
    sgd::write_mlp(files.network, trained->mlp);
    const nlohmann::ordered_json record{
        {"steps", trained->steps},
        {"loss", trained->mean_loss(loss_window(trained->steps))},
        {"best_loss", trained->best_loss},
        {"learning_rate", job.settings.learning_rate},
        {"trouble", fs::exists(files.diverged) ? read_file(files.diverged) : ""}};
    write_file(files.record, record.dump(1) + "\n");
    return true;
  };
  if (!fs::exists(files.diverged)) try {
      return attempt();
    } catch (const NumericError& e) {
      fs::remove(files.state);
      write_file(files.diverged, e.what());
    }
  job.settings.learning_rate *= second_rate;
  return attempt();
}

bool has_parent(const CompareTask& task, const std::string& id) {
  return fs::exists(ParentFiles(task, id).record);
}

Parent read_parent(const CompareTask& task, const std::string& id) {
  const ParentFiles files(task, id);
  if (!fs::exists(files.record))
    throw ConfigError("the dense network of " + id + ", which it is cut from, could not be trained");
  const auto record = read_json(files.record);
  if (!record.contains("steps") || !record["steps"].is_number_integer() || !record.contains("trouble") ||
      !record["trouble"].is_string())
    throw FormatError(files.record.string() + ": is not the record of a parent");
  return {sgd::read_mlp(files.network), record["steps"].get<std::int64_t>(),
          record["trouble"].get<std::string>()};
}

void continue_from_parent(const CompareTask& task, const std::string& id, const sgd::TrainSettings& settings,
                          const std::filesystem::path& checkpoint) {
  const ParentFiles files(task, id);
  if (fs::exists(checkpoint) || !has_parent(task, id) || !fs::exists(files.state)) return;
  sgd::TrainSettings same = sgd::read_checkpoint(files.state).settings;
  same.steps = settings.steps;
  if (settings.schedule == sgd::ScheduleKind::constant && same == settings)
    write_file(checkpoint, read_file(files.state));
}

}  // namespace skein::experiments
