#include "experiments/campaign/estimate.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "experiments/compare/row_measures.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/prune/prune_random.hpp"
#include "sgd/train/train.hpp"

namespace skein::experiments {
namespace {

using Clock = std::chrono::steady_clock;

double elapsed_seconds(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// What is timed: a network of the kind that the row trains.
sgd::Mlp network_like(const RowTarget& target, const RowOptions& options, const RowKey& key,
                      std::int64_t count) {
  const RowMethod& method = *find_method(key.method);
  if (method.needs_genome) {
    sgd::Mlp mlp;
    mlp.wiring = target.evolved->wiring;
    mlp.weights = sgd::initial_weights(mlp.wiring, {.seed = 1});
    return mlp;
  }
  sgd::Mlp dense = dense_start(target, options, key.depth, 1);
  if (count == 0 || count >= dense.wiring.weight_count()) return dense;
  return sgd::restrict_to(dense, sgd::keep_random(dense.wiring, count, 1));
}

/// Seconds of one step, the least of some tries.
double step_seconds(const RowTarget& target, const RowOptions& options, const sgd::Mlp& mlp) {
  sgd::TrainSettings settings = options.training.settings(0);
  settings.steps = 1'000'000;
  settings.rewind_step = 0;
  sgd::Trainer trainer(sgd::picture_problem(mlp.wiring, target.picture), settings, mlp.weights);
  constexpr int fewest = 4, most = 64;
  constexpr double long_enough = 0.15;  // seconds
  std::vector<double> times;
  const auto start = Clock::now();
  for (int step = 0; step < most && (step < fewest || elapsed_seconds(start) < long_enough); ++step) {
    const auto before = Clock::now();
    try {
      trainer.step();
    } catch (const NumericError&) {
      break;
    }
    times.push_back(elapsed_seconds(before));
  }
  if (times.empty()) return 0;
  std::ranges::sort(times);
  return times[times.size() / 3];
}

/// A shape's costs, measured or guessed.
struct ShapeCost {
  double seconds = 0, bytes = 0;
  double work = 0;  ///< steps x weights x pixels, to guess other shapes by
};

double work_of(const RowTarget& target, std::int64_t steps, std::int64_t weights) {
  return static_cast<double>(std::max<std::int64_t>(steps, 1)) * static_cast<double>(weights) *
         static_cast<double>(target.picture.pixels());
}

class Estimator {
 public:
  Estimator(const RowContext& context, const RowPlan& plan, double budget)
      : context_(context), plan_(plan), budget_(budget) {}

  ShapeCost measure(const PlannedRow& planned, bool parent) {
    const RowTarget& target = context_.target_of(planned);
    const RowOptions options = options_of(context_.settings, planned.key);
    const RowMethod& method = *find_method(planned.key.method);
    std::int64_t steps = steps_of(context_.settings, planned.key);
    if (parent) steps = parent_steps(steps);
    const std::int64_t count = mean_count(target, options, planned.key);
    const sgd::Mlp mlp = method.trains ? network_like(target, options, planned.key, count) : *target.evolved;
    ShapeCost cost;
    cost.work = work_of(target, steps, mlp.wiring.weight_count());
    cost.bytes = 4.0 * static_cast<double>(target.picture.pixels()) + 24e3 +
                 16.0 * static_cast<double>(mlp.weights.size());
    if (method.trains) cost.seconds = static_cast<double>(steps) * step_seconds(target, options, mlp);
    if (!parent) cost.seconds += measuring_seconds(planned, mlp, target);
    return cost;
  }

  bool may_measure() const { return elapsed_seconds(start_) < budget_; }

 private:
  /// Weights of a cut row's network on average over its rounds.
  std::int64_t mean_count(const RowTarget& target, const RowOptions& options, const RowKey& key) const {
    if (key.count == 0) return 0;
    if (key.method != "sp" && key.method != "lottery") return key.count;
    const auto dense = static_cast<double>(dense_start(target, options, key.depth, 1).wiring.weight_count());
    return static_cast<std::int64_t>(std::sqrt(dense * static_cast<double>(key.count)));
  }

  /// One look by all measures takes as long for every network of a depth, width and number of weights.
  double measuring_seconds(const PlannedRow& planned, const sgd::Mlp& mlp, const RowTarget& target) {
    const auto size =
        static_cast<std::int64_t>(std::log2(static_cast<double>(mlp.wiring.weight_count())) * 2);
    const std::pair key{size, mlp.wiring.depth()};
    const auto [found, is_new] = measuring_.try_emplace(key, 0);
    if (is_new) {
      const auto before = Clock::now();
      measures_of_row(mlp, target.evolved ? &*target.evolved : nullptr, context_.parts_of_row(planned.key),
                      context_.settings.budget, planned.key.seed.value_or(0),
                      [](const Progress&) { return true; });
      found->second = elapsed_seconds(before);
    }
    return found->second;
  }

  const RowContext& context_;
  const RowPlan& plan_;
  double budget_;
  Clock::time_point start_ = Clock::now();
  std::map<std::pair<std::int64_t, int>, double> measuring_;
};

}  // namespace

std::string cost_shape(const RowContext& context, const PlannedRow& planned) {
  RowKey key = without_seed(planned.key);
  if (!context.by_target) return name_of(key);
  return key.target + " " + name_of(key);
}

CostEstimate estimate_cost(const RowContext& context, const RowPlan& plan,
                           const std::vector<std::uint8_t>& finished,
                           const std::map<std::string, double>& known_seconds, double budget) {
  const ThreadLimit one(1);
  Estimator estimator(context, plan, budget);
  CostEstimate estimate;
  std::map<std::pair<bool, std::string>, ShapeCost> costs;
  std::vector<const ShapeCost*> measured;
  const auto cost_of = [&](const PlannedRow& planned, bool parent) -> const ShapeCost& {
    const auto [found, is_new] = costs.try_emplace({parent, cost_shape(context, planned)});
    ShapeCost& cost = found->second;
    if (!is_new) return cost;
    ++estimate.shapes;
    if (measured.empty() || estimator.may_measure()) {
      cost = estimator.measure(planned, parent);
      measured.push_back(&cost);
      ++estimate.measured;
    } else {
      // The nearest measured shape, in proportion to the work.
      std::int64_t steps = steps_of(context.settings, planned.key);
      if (parent) steps = parent_steps(steps);
      cost.work = work_of(context.target_of(planned), steps, std::max<std::int64_t>(planned.key.count, 1000));
      const ShapeCost* nearest = *std::ranges::min_element(measured, {}, [&](const ShapeCost* other) {
        return std::abs(std::log(other->work) - std::log(cost.work));
      });
      cost.seconds = nearest->seconds * std::max(0.2, cost.work / nearest->work);
      cost.bytes = nearest->bytes;
    }
    if (const auto known = known_seconds.find(found->first.second); known != known_seconds.end() && !parent)
      cost.seconds = known->second;
    return cost;
  };
  std::vector<std::uint8_t> awaited(plan.parents.size());
  for (std::size_t i = 0; i < plan.rows.size(); ++i) {
    const ShapeCost& cost = cost_of(plan.rows[i], false);
    estimate.row_seconds.push_back(cost.seconds);
    estimate.bytes += cost.bytes;
    if (finished[i]) continue;
    estimate.seconds += cost.seconds;
    if (plan.rows[i].parent != no_row) awaited[static_cast<std::size_t>(plan.rows[i].parent)] = 1;
  }
  for (std::size_t p = 0; p < plan.parents.size(); ++p) {
    const ShapeCost& cost = cost_of(plan.parents[p], true);
    estimate.parent_seconds.push_back(cost.seconds);
    estimate.bytes += cost.bytes;
    if (awaited[p]) estimate.seconds += cost.seconds;
  }
  return estimate;
}

}  // namespace skein::experiments
