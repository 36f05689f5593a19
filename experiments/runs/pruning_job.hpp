#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/progress.hpp"
#include "lib/picture/picture.hpp"
#include "sgd/prune/prune_llm.hpp"
#include "sgd/prune/prune_lottery.hpp"
#include "sgd/prune/prune_similarity.hpp"
#include "sgd/prune/pruning.hpp"
#include "sgd/train/train.hpp"

namespace skein::experiments {

/// The ways to find a wiring, by the names they have on the command line: sp, magnitude, lottery, wanda,
/// llm-pruner, random, random-layers, shuffle.
std::span<const std::string_view> pruning_methods();

/// A network to be pruned, and how.
struct PruningJob {
  sgd::Mlp mlp;
  std::string method = "sp";
  std::optional<std::int64_t> count;  ///< weights to leave; nothing: as few as SP recovers from
  int rounds = 0;                     ///< 0: the method's own (3 for sp; lottery's follow from its cut)
  /// How weights are fitted; `steps` are those of all retrainings together. Lottery's trainings share them
  /// evenly; the others give half to the last round and share the rest.
  sgd::TrainSettings training;
  sgd::SimilaritySettings similarity;
  sgd::TaylorOrder taylor = sgd::TaylorOrder::first;
  sgd::LotterySettings lottery;
  sgd::Wiring like;        ///< random-layers and shuffle: the wiring whose counts or degrees are matched
  std::uint64_t seed = 0;  ///< of the random masks

  /// Throws ConfigError: an unknown method, a count that cannot be, what the method needs and has not.
  void validate() const;
};

/// Steps of each of `rounds` retrainings out of `total`.
std::vector<std::int64_t> steps_of_rounds(std::int64_t total, int rounds, bool evenly);

/// Prunes and retrains. In `folder`, which must exist, every round leaves round_NN.mlp and round_NN.csv (its
/// loss curve); rounds that are there already are not trained again, and an unfinished one goes on from its
/// checkpoint, with the same bits. Nothing when the listener asked to stop. `loss` is the mean of the last
/// `loss_window` steps of a round.
std::optional<sgd::Pruned> run_pruning(const PruningJob& job, const Picture& target,
                                       const std::filesystem::path& folder, const ProgressListener& listener,
                                       const sgd::OnRound& on_round = {}, std::size_t loss_window = 100);

}  // namespace skein::experiments
