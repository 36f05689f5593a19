#include "experiments/basin/sp_network.hpp"

#include "experiments/jobs/pruning_job.hpp"
#include "experiments/jobs/training_job.hpp"
#include "lib/base/file.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {

std::optional<sgd::Mlp> sp_network(const BasinTarget& target, const sgd::TrainSettings& settings,
                                   const std::filesystem::path& folder, const ProgressListener& listener) {
  const auto file = folder / "network.mlp";
  if (std::filesystem::exists(file)) return sgd::read_mlp(file);
  make_folder(folder);
  TrainingJob dense;
  dense.wiring = sgd::dense_wiring(sgd::parse_architecture(target.architecture), picture_signature());
  dense.start = sgd::initial_weights(dense.wiring, {.seed = settings.seed});
  dense.settings = settings;
  const CheckpointPlan checkpoints{
      .file = folder / "checkpoint", .keep_last = true, .pass_over_foreign = true};
  const auto parent = run_training(dense, target.picture, checkpoints, listener);
  if (!parent) return std::nullopt;
  PruningJob job;
  job.request.mlp = parent->mlp;
  job.request.target = target.picture;
  job.request.seed = settings.seed;
  if (target.evolved) job.request.count = target.evolved->wiring.weight_count();
  job.training = settings;
  const auto pruned = run_pruning(job, folder, book_in(folder), listener);
  if (!pruned) return std::nullopt;
  sgd::write_mlp(file, pruned->mlp);
  return pruned->mlp;
}

}  // namespace skein::experiments
