#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "sgd/mlp/mlp.hpp"
#include "sgd/mlp/wiring_graph.hpp"
#include "sgd/train/optimizer.hpp"

namespace skein::sgd {

/// One flag per slot: 1 for the weights that stay.
using KeepMask = std::vector<std::uint8_t>;

/// How much is to be left: a fraction of the existing weights, or a count of them.
using KeepAmount = std::variant<double, std::int64_t>;

/// "0.25" is a fraction, "1404" a count. Throws ConfigError.
KeepAmount parse_keep(std::string_view text);

/// The count asked for out of `total` (a fraction is rounded to the nearest count). Throws ConfigError for
/// nothing, for more than there are and for fractions outside (0, 1].
std::int64_t keep_count(const KeepAmount& amount, std::int64_t total);

/// The fewest rounds in equal ratios from `total` to `target` of which each keeps at least the part `keeps`.
int rounds_to(std::int64_t total, std::int64_t target, double keeps);

/// Counts after each of `rounds` rounds: from `total` to `target` in equal ratios, the last exactly `target`.
std::vector<std::int64_t> round_counts(std::int64_t total, std::int64_t target, int rounds);

/// Marks the `count` highest scores; of equal ones the first. Throws ConfigError for a count that is negative
/// or more than there are, and NumericError for scores that are not numbers.
KeepMask keep_highest(std::span<const double> scores, std::int64_t count);

/// Throws ConfigError, naming `method`, when no output is fed by any input any more.
void require_outputs(const Wiring& wiring, std::string_view method);

/// Throws ConfigError, naming `method`, for a network that does not carry the weights that its training began with.
void require_initial(const Mlp& mlp, std::string_view method);

/// What is to be trained between two rounds: `mlp` from its weights, as step `first_step` of a training with
/// that state of the optimiser (a fresh one when it is empty).
struct Retraining {
  Mlp mlp;
  int round = 0;   ///< counted from 1
  int rounds = 0;  ///< of how many
  std::int64_t first_step = 0;
  OptimizerState optimizer;
};

struct Trained {
  Mlp mlp;
  double loss = 0;  ///< mean over the last steps
  double best_loss = 0;
  std::int64_t steps = 0;  ///< taken for this
};

/// What trains between rounds; the pruning itself never does.
using Retrain = std::function<Trained(const Retraining&)>;

struct PruneRound {
  int round = 0;
  std::int64_t asked = 0;    ///< weights to be left by this round
  std::int64_t nonzero = 0;  ///< weights left
  int units = 0;             ///< hidden units alive
  double loss = 0;           ///< after retraining, mean over its last steps
  double best_loss = 0;
  std::int64_t steps = 0;  ///< of retraining
};

struct Pruned {
  Mlp mlp;
  std::vector<PruneRound> rounds;
};

/// Told of each finished round, with what came out of it.
using OnRound = std::function<void(const PruneRound&, const Mlp&)>;

/// Chooses what stays of `mlp` when `count` weights are to be left.
using ChooseMask = std::function<KeepMask(const Mlp& mlp, std::int64_t count, int round)>;

/// Cut and retrain, in turn, down to `count` weights in `rounds` rounds. Refuses masks that cut all outputs
/// off (ConfigError naming `method`) before anything is trained with them.
Pruned prune_in_rounds(const Mlp& mlp, std::int64_t count, int rounds, std::string_view method,
                       const ChooseMask& choose, const Retrain& retrain, const OnRound& on_round = {});

/// Trains what one cut left, from the weights that it has, as the only round; `asked` weights were to be left. Refuses
/// a cut that cuts all outputs off as `prune_in_rounds` does.
Pruned prune_once(Mlp cut, std::int64_t asked, std::string_view method, const Retrain& retrain,
                  const OnRound& on_round);

/// Ends a round: what training gave becomes the result, with a record of the round, and `on_round` is told.
void add_round(Pruned& result, int round, std::int64_t asked, Trained trained, const OnRound& on_round);

}  // namespace skein::sgd
