#pragma once

#include "experiments/compare/compare_make.hpp"
#include "sgd/prune/pruning.hpp"

namespace skein::experiments {

/// A network cut from its parent, with what its row says of it.
struct CutNetwork {
  sgd::Mlp mlp;
  double loss = 0, best_loss = 0;
  std::int64_t steps = 0;  ///< with the parent's
  std::string curve;       ///< of all retrainings, one after the other, counted on from the parent's steps
  std::string trouble;     ///< the parent's
};

/// Cuts the row's network from its parent and retrains it, in `folder`, where every round stays:
/// round_NN.mlp, round_NN.csv and for SP round_NN.png, the map of every unit. What the parent took of the
/// steps is missing from the retrainings'. Nothing when the listener asked to stop. Throws ConfigError when
/// the cut cannot be.
std::optional<CutNetwork> cut_network(const CompareTask& task, const PlannedRow& planned,
                                      const sgd::TrainSettings& settings, const std::filesystem::path& folder,
                                      const ProgressListener& listener);

}  // namespace skein::experiments
