#pragma once

#include <utility>

#include "experiments/jobs/training_job.hpp"
#include "experiments/rows/row_methods.hpp"

namespace skein::experiments {

/// A row's network out of a training that came to its end, of layers or of a recursion.
template <class Trained>
MadeRow trained_row(Net network, const Trained& trained) {
  MadeRow made;
  made.network = std::move(network);
  made.steps = trained.steps;
  made.best_loss = trained.best_loss;
  made.loss = trained.told_loss(loss_window(trained.steps));
  made.curve = loss_curve_csv(trained.losses);
  return made;
}

/// Where a row's training keeps its state.
inline CheckpointPlan checkpoints_of(const RowWork& work) {
  return {.file = work.folder / "checkpoint", .may_write = work.may_write, .pass_over_foreign = true};
}

}  // namespace skein::experiments
