// The row whose network was sparse while it was trained, instead of being cut afterwards.
#include "experiments/jobs/training_job.hpp"
#include "experiments/rows/row_methods.hpp"
#include "experiments/rows/trained_row.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

/// The dense start of the row's architecture, trained for all of the steps while the largest weights of each matrix
/// stay: all at first, as many as asked for from half of the steps on. What was 0 in the end is left out.
std::optional<MadeRow> train_sparse(const RowWork& work) {
  const sgd::Mlp start =
      dense_start(work.target, work.options, work.key.depth, work.key.seed.value_or(0), false);
  const std::int64_t dense = start.wiring.weight_count();
  if (work.key.count > dense)
    throw ConfigError(std::to_string(work.key.count) + " weights were asked for; the dense network has " +
                      std::to_string(dense));
  TrainingJob job{start.wiring, start.weights, false, work.settings, {}};
  job.settings.sparsity = {.keep = static_cast<double>(work.key.count) / static_cast<double>(dense),
                           .schedule = sgd::SparsitySchedule::linear};
  job.bar = work.options.bar;
  const auto trained = run_training(job, work.target.picture, checkpoints_of(work), work.listener);
  if (!trained) return std::nullopt;
  return trained_row(net_of(without_zeros(trained->mlp), work.key.method, NetSource::run), *trained);
}

}  // namespace

RowMethod weight_sparse_row() {
  return {
      .name = "weight-sparse",
      .label = "weight-sparse",
      .note =
          "Sparse while it is trained, from random weights for all of the steps (after Gao et al. 2025): "
          "after every step the largest weights of each matrix stay, the same share of every matrix, and the "
          "others are exactly 0; all stay at first, as many as asked for from half of the steps on.",
      .family = RowFamily::pruned,
      .is_cut = true,
      .from_parent = false,
      .against = {"sp", "magnitude"},
      .make = train_sparse};
}

}  // namespace skein::experiments
