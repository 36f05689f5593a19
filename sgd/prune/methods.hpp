#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sgd/prune/prune_llm.hpp"
#include "sgd/prune/prune_lottery.hpp"
#include "sgd/prune/prune_similarity.hpp"
#include "sgd/prune/pruning.hpp"
#include "sgd/train/train.hpp"

namespace skein::sgd {

/// A network to be pruned, with everything that any method may be told. What a method does not take
/// (`PruneMethod::options`) is left at its default.
struct PruneRequest {
  Mlp mlp;
  Examples target{Picture{}};         ///< what it is to give, and where
  std::optional<std::int64_t> count;  ///< weights to leave; nothing: as few as SP recovers from
  int rounds = 0;                     ///< 0: the method's own
  SimilaritySettings similarity;
  TaylorOrder taylor = TaylorOrder::first;
  LotterySettings lottery;
  OptimizerSettings optimizer = Adam{};  ///< of the retrainings; the lottery's rewound state is one of it
  Wiring like;                           ///< whose counts or degrees a control matches
  std::uint64_t seed = 0;                ///< of random masks
};

/// A way to find a wiring. To add one: a file prune_NAME.cpp with `PruneMethod NAME_method()`, and one line in the
/// table of methods.cpp. `prune --method`, `compare --methods` and the reports know it then.
struct PruneMethod {
  std::string_view name;      ///< in `prune --method`
  std::string_view row_name;  ///< in `compare --methods`; "" : it is no row of comparisons
  std::string_view label;     ///< for people: "LLM-Pruner"
  std::string_view note;      ///< what it does, for help and reports, a sentence or two
  /// Which of prune's options it takes beside those of all methods (keep, steps and how to train): "rounds",
  /// "similarity", "scope", "taylor", "cut", "rewind-step", "like", "seed". Others are to be refused.
  std::vector<std::string_view> options;
  bool in_quick = false;       ///< part of the smallest comparison
  bool only_named = false;     ///< part of no comparison that does not name it
  bool chooses_count = false;  ///< without a count it finds one itself
  bool shares_evenly = false;  ///< its rounds share the steps evenly; else half of them belong to the last
  bool needs_initial = false;  ///< begins from the weights that the network's training began with
  Pruned (*prune)(const PruneRequest& request, const Retrain& retrain, const OnRound& on_round) = nullptr;

  bool takes(std::string_view option) const;
  /// Whether it is a control that matches another wiring.
  bool is_control() const { return takes("like"); }
};

/// Every method, in the order of tables.
std::span<const PruneMethod> prune_methods();

/// The method of that name. Throws ConfigError naming those that there are.
const PruneMethod& prune_method(std::string_view name);

/// Throws ConfigError for a request that its method cannot meet: settings out of range, a count that cannot
/// be, initial weights, a snapshot or a wiring to match that it needs and has not.
void validate(const PruneMethod& method, const PruneRequest& request);

/// A method that cuts once or in equal rounds by choosing a mask, with `rounds` (0: one).
using ChooseOf = KeepMask (*)(const PruneRequest& request, const Mlp& mlp, std::int64_t count, int round);
Pruned prune_by_mask(const PruneRequest& request, std::string_view name, ChooseOf choose,
                     const Retrain& retrain, const OnRound& on_round);

}  // namespace skein::sgd
