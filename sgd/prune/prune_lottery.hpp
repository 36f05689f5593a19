#pragma once

#include "sgd/prune/pruning.hpp"

namespace skein::sgd {

struct LotterySettings {
  double cut = 0.2;              ///< part of the weights that each round removes
  std::int64_t rewind_step = 0;  ///< to which weights, optimiser and data order go back; 0: initialisation
  void validate() const;
};

/// The rounds that iterative pruning takes from `total` to `count`, the last cutting only what is left to
/// cut.
std::vector<std::int64_t> lottery_counts(std::int64_t total, std::int64_t count, double cut);

/// A training's state before step `rewind_step`: weights and what the optimiser remembers.
struct RewindPoint {
  Weights weights;
  OptimizerState optimizer;
};

/// Iterative magnitude pruning with rewinding (Frankle and Carbin 2019; Frankle, Dziugaite, Roy, Carbin
/// 2020). Every round cuts the smallest of the trained weights over all layers, puts the others back to what
/// they were before step `rewind_step`, data order with them, and trains again. `point` holds
/// that state for rewind steps over 0 (one number per slot of `mlp`); for 0 the MLP's initial weights are
/// taken. Throws ConfigError for an MLP without initial weights.
Pruned prune_lottery(const Mlp& mlp, std::int64_t count, const LotterySettings& settings,
                     const RewindPoint& point, const Retrain& retrain, const OnRound& on_round = {});

}  // namespace skein::sgd
