#include "sgd/prune/prune_lottery.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "lib/base/error.hpp"
#include "sgd/prune/methods.hpp"
#include "sgd/prune/prune_magnitude.hpp"

namespace skein::sgd {

namespace {

template <class Number>
std::vector<Number> restricted(const std::vector<Number>& numbers, const KeepMask& keep) {
  std::vector<Number> result;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (keep[i]) result.push_back(numbers[i]);
  return result;
}

RewindPoint restricted(const RewindPoint& point, const KeepMask& keep) {
  return {restricted(point.weights, keep),
          {point.optimizer.step, restricted(point.optimizer.first, keep),
           restricted(point.optimizer.second, keep)}};
}

}  // namespace

void LotterySettings::validate() const {
  if (!(cut > 0 && cut < 1))
    throw ConfigError("the part that each lottery round cuts is " + std::to_string(cut) +
                      "; it must lie between 0 and 1");
  if (rewind_step < 0)
    throw ConfigError("rewind step is " + std::to_string(rewind_step) + "; it must be 0 or more");
}

std::vector<std::int64_t> lottery_counts(std::int64_t total, std::int64_t count, double cut) {
  std::vector<std::int64_t> counts;
  for (std::int64_t left = total; left > count;) {
    const auto next = static_cast<std::int64_t>(std::llround(static_cast<double>(left) * (1 - cut)));
    left = std::max(count, std::min(left - 1, next));
    counts.push_back(left);
  }
  if (counts.empty()) counts.push_back(count);
  return counts;
}

Pruned prune_lottery(const Mlp& mlp, std::int64_t count, const LotterySettings& settings,
                     const RewindPoint& point, const Retrain& retrain, const OnRound& on_round) {
  settings.validate();
  validate(mlp);
  require_initial(mlp, "lottery");
  RewindPoint rewind = settings.rewind_step > 0 ? point : RewindPoint{mlp.initial, {}};
  if (rewind.weights.size() != mlp.weights.size())
    throw ConfigError(std::to_string(rewind.weights.size()) + " weights to rewind to for a network of " +
                      std::to_string(mlp.weights.size()));
  const auto counts = lottery_counts(mlp.wiring.weight_count(), count, settings.cut);
  Pruned result{mlp, {}};
  int round = 0;
  for (const std::int64_t asked : counts) {
    const auto keep = keep_largest(result.mlp.weights, asked);
    Mlp ticket = restrict_to(result.mlp, keep);
    require_outputs(ticket.wiring, "lottery");
    rewind = restricted(rewind, keep);
    ticket.weights = rewind.weights;
    Trained trained = retrain({std::move(ticket), ++round, static_cast<int>(counts.size()),
                               settings.rewind_step, rewind.optimizer});
    trained.mlp.initial = restricted(result.mlp.initial, keep);
    add_round(result, round, asked, std::move(trained), on_round);
  }
  return result;
}

PruneMethod lottery_method() {
  return {
      .name = "lottery",
      .row_name = "lottery",
      .label = "lottery ticket",
      .note =
          "Lottery ticket: iterative magnitude pruning with rewinding (Frankle and Carbin 2019). The "
          "smallest "
          "fifth of the weights goes, the others return to their initial values (or those before "
          "--rewind-step) and are trained again, in as many rounds as the count takes; the rounds share the "
          "steps evenly.",
      .options = {"cut", "rewind-step"},
      .shares_evenly = true,
      .needs_initial = true,
      .prune = [](const PruneRequest& request, const Retrain& retrain, const OnRound& on_round) {
        // Deviation from Frankle, Dziugaite, Roy and Carbin 2020: an MLP keeps weights alone, so what the
        // optimiser remembers begins anew at the step rewound to.
        RewindPoint point;
        if (request.lottery.rewind_step > 0) {
          const Problem problem = problem_on(request.mlp.wiring, request.target);
          point = {request.mlp.rewind,
                   Optimizer(request.optimizer, request.mlp.weights.size(), problem.layout).start()};
        }
        return prune_lottery(request.mlp, *request.count, request.lottery, point, retrain, on_round);
      }};
}

}  // namespace skein::sgd
