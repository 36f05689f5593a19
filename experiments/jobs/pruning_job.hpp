#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/progress.hpp"
#include "sgd/prune/methods.hpp"

namespace skein::experiments {

/// A network to be pruned, by what method, and how its weights are fitted.
struct PruningJob {
  std::string method = "sp";
  sgd::PruneRequest request;  ///< its optimiser is that of `training`
  /// `steps` are those of all retrainings together, shared as `steps_of_rounds` says.
  sgd::TrainSettings training;
  double bar = 0;  ///< of the last retraining: `TrainingJob::bar`

  /// Throws ConfigError: an unknown method, a count that cannot be, what the method needs and has not.
  void validate() const;
};

/// Steps of each of `rounds` retrainings out of `total`.
std::vector<std::int64_t> steps_of_rounds(std::int64_t total, int rounds, bool evenly);

/// What is kept of a retraining that came to its end. Its network is round_NN.mlp, known by its content.
struct RoundRecord {
  int round = 0;
  double loss = 0, best_loss = 0;
  std::int64_t steps = 0;
  std::string digest;  ///< of round_NN.mlp
  bool operator==(const RoundRecord&) const = default;
};
nlohmann::ordered_json to_json(const RoundRecord& record);
/// Throws FormatError naming `file`.
RoundRecord round_from_json(const nlohmann::ordered_json& json, const std::string& file);

/// Where the records of a pruning's rounds are kept, and what says whether its folder may still be written to.
struct RoundBook {
  std::vector<RoundRecord> rounds;                             ///< of an earlier start
  std::function<void(const std::vector<RoundRecord>&)> write;  ///< called with all, after each round
  std::function<bool()> may_write;                             ///< empty: always
};

/// Records in `folder`/rounds.json. A damaged one counts as none.
RoundBook book_in(const std::filesystem::path& folder);

/// Prunes and retrains. In `folder`, which must exist, every round leaves round_NN.mlp and round_NN.csv (its
/// loss curve); rounds that the book has, with the network that it names, are not trained again, and an
/// unfinished one goes on from its checkpoint, with the same bits. A checkpoint or network of another training
/// is passed over. Nothing when the listener asked to stop. `loss` is the mean of the last `loss_window` steps
/// of a round.
std::optional<sgd::Pruned> run_pruning(const PruningJob& job, const std::filesystem::path& folder,
                                       RoundBook book, const ProgressListener& listener,
                                       const sgd::OnRound& on_round = {}, std::size_t loss_window = 100);

}  // namespace skein::experiments
