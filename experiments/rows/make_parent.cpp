#include <algorithm>

#include "experiments/jobs/training_job.hpp"
#include "experiments/records/digest.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/rows/json_reader.hpp"
#include "experiments/rows/make_row.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/engine/engine.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/train/checkpoint.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

RecordFile parent_record(const RowContext& context, const RowKey& key,
                         const std::function<bool()>& may_write = {}) {
  return {context.record_of_parent(key), context.hash_of_row(key), may_write};
}

/// What a finished parent's record says; nothing when it is not finished or its network is not what was recorded.
std::optional<Json> finished_parent(const RecordFile& record) {
  auto json = record.read();
  if (!json) return std::nullopt;
  const std::string state = json->value("state", "");
  if (state == name(RowStatus::failed)) return json;
  if (state != name(RowStatus::done) && state != name(RowStatus::retried)) return std::nullopt;
  if (!bytes_of_digest(record.folder() / "network.mlp", json->value("network_digest", "")))
    return std::nullopt;
  return json;
}

/// Trains once. Nothing when stopped; throws NumericError when the training fails or ends at one colour.
std::optional<TrainedNetwork> train_parent(const TrainingJob& job, const Picture& target,
                                           const CheckpointPlan& checkpoints,
                                           const ProgressListener& listener) {
  auto trained = run_training(job, target, checkpoints, listener);
  if (!trained) return std::nullopt;
  const Plan drawing(sgd::lower(trained->mlp.wiring).network);
  const Picture drawn = draw(drawing, trained->mlp.weights, Grid{target.width, target.height});
  if (is_constant(drawn) && !is_constant(target))
    throw NumericError("draws one colour after " + std::to_string(trained->steps) + " steps");
  return trained;
}

}  // namespace

bool make_parent(const RowContext& context, const PlannedRow& planned, const std::function<bool()>& may_write,
                 const ProgressListener& listener) {
  const RecordFile record = parent_record(context, planned.key, may_write);
  if (finished_parent(record)) return true;
  record.begin();
  const RowTarget& target = context.target_of(planned);
  const RowOptions options = options_of(context.settings, planned.key);
  const std::uint64_t seed = planned.key.seed.value_or(0);
  const sgd::Mlp start = dense_start(target, options, planned.key.depth, seed);
  TrainingJob job{start.wiring, start.weights, false, options.training.settings(seed), {}};
  job.settings.steps = std::max<std::int64_t>(1, parent_steps(options));
  if (job.settings.rewind_step > job.settings.steps) job.settings.rewind_step = 0;
  Json members{{"key", to_json(planned.key)}, {"kind", "parent"}, {"state", name(RowStatus::running)}};
  const auto earlier = record.read();
  std::string trouble = earlier ? earlier->value("trouble", "") : "";
  const CheckpointPlan checkpoints{.file = record.folder() / "checkpoint",
                                   .keep_last = true,
                                   .may_write = may_write,
                                   .pass_over_foreign = true};
  std::optional<TrainedNetwork> trained;
  try {
    if (trouble.empty()) try {
        trained = train_parent(job, target.picture, checkpoints, listener);
        if (!trained) return false;
      } catch (const NumericError& e) {
        members["trouble"] = trouble = e.what();
        record.write(members);
      }
    if (!trained) {
      job.settings.learning_rate *= second_rate;
      trained = train_parent(job, target.picture, checkpoints, listener);
      if (!trained) return false;
    }
  } catch (const NumericError& e) {
    members["state"] = name(RowStatus::failed);
    members["note"] = std::string("failed twice: ") + e.what();
    record.write(members);
    return true;
  }
  if (job.settings.penalty.active()) trained->mlp = without_zeros(trained->mlp);
  const std::string network = sgd::encode_mlp(trained->mlp);
  record.keep("network.mlp", network);
  members["state"] = name(trouble.empty() ? RowStatus::done : RowStatus::retried);
  members["trouble"] = trouble;
  members["steps"] = trained->steps;
  members["loss"] = finite_or_null(trained->mean_loss(loss_window(trained->steps)));
  members["best_loss"] = finite_or_null(trained->best_loss);
  members["learning_rate"] = job.settings.learning_rate;
  members["network_digest"] = digest_of(network);
  members["checkpoint_digest"] = digest_of(read_file(checkpoints.file));
  record.write(members);
  return true;
}

void record_failed_parent(const RowContext& context, const PlannedRow& planned, const std::string& cause) {
  parent_record(context, planned.key)
      .write({{"key", to_json(planned.key)},
              {"kind", "parent"},
              {"state", name(RowStatus::failed)},
              {"note", cause}});
}

bool has_parent(const RowContext& context, const RowKey& key) {
  return finished_parent(parent_record(context, key)).has_value();
}

Parent read_parent(const RowContext& context, const RowKey& key) {
  const RecordFile record = parent_record(context, key);
  const auto json = finished_parent(record);
  if (!json)
    throw FormatError(record.path().string() + ": the dense network that rows are cut from is not there");
  const std::string file = record.path().string();
  const JsonReader read{*json, file};
  if (read.text("state") == name(RowStatus::failed))
    throw ConfigError("its dense parent " + read.text("note"));
  const fs::path network = record.folder() / "network.mlp";
  const auto bytes = bytes_of_digest(network, read.text("network_digest"));
  if (!bytes) throw FormatError(network.string() + ": is not the network that its record names");
  return {sgd::decode_mlp(*bytes, network.string()), read.whole("steps"), read.text("trouble")};
}

std::optional<sgd::TrainState> state_of_parent(const RowContext& context, const RowKey& key,
                                               const sgd::TrainSettings& settings) {
  if (settings.schedule != sgd::ScheduleKind::constant || settings.penalty.active() ||
      key.method != "dense-adam")
    return std::nullopt;
  const RecordFile record = parent_record(context, key);
  const auto json = finished_parent(record);
  if (!json || json->value("state", "") == name(RowStatus::failed)) return std::nullopt;
  const fs::path file = record.folder() / "checkpoint";
  const auto bytes = bytes_of_digest(file, json->value("checkpoint_digest", ""));
  if (!bytes) return std::nullopt;
  sgd::Checkpoint saved = sgd::decode_checkpoint(*bytes, file.string());
  sgd::TrainSettings same = saved.settings;
  same.steps = settings.steps;
  if (same != settings) return std::nullopt;
  return std::move(saved.state);
}

}  // namespace skein::experiments
