#include "experiments/campaign/row_work.hpp"

#include <algorithm>
#include <vector>

#include "experiments/rows/rows_recursive.hpp"
#include "sgd/prune/methods.hpp"

namespace skein::experiments {
namespace {

double samples_of_step(const RowTarget& target, const RowOptions& options) {
  const auto pixels = static_cast<double>(target.picture.pixels());
  const double batch = options.training.batch_pixels;
  return batch > 0 ? std::min(batch, pixels) : pixels;
}

/// Weights after each round of a cut row.
std::vector<std::int64_t> counts_of_rounds(const sgd::PruneMethod& method, std::int64_t dense,
                                           std::int64_t count) {
  if (method.shares_evenly) return sgd::lottery_counts(dense, count, sgd::LotterySettings{}.cut);
  const int rounds =
      method.chooses_count ? sgd::rounds_to(dense, count, sgd::SimilaritySettings{}.round_keeps) : 1;
  return sgd::round_counts(dense, count, rounds);
}

double mean_edges(const sgd::PruneMethod& method, std::int64_t dense, std::int64_t count,
                  std::int64_t steps) {
  const auto counts = counts_of_rounds(method, dense, count);
  const auto shares = steps_of_rounds(steps, static_cast<int>(counts.size()), method.shares_evenly);
  double sum = 0;
  for (std::size_t round = 0; round < counts.size(); ++round)
    sum += static_cast<double>(counts[round]) * static_cast<double>(shares[round]);
  return steps > 0 ? sum / static_cast<double>(steps) : static_cast<double>(count);
}

}  // namespace

const sgd::PruneMethod* pruning_of(const RowKey& key) {
  for (const sgd::PruneMethod& method : sgd::prune_methods())
    if (!method.row_name.empty() && method.row_name == key.method) return &method;
  return nullptr;
}

TrainingWork training_work(const RowContext& context, const PlannedRow& planned, bool has_own_parent) {
  const RowTarget& target = context.target_of(planned);
  const RowKey& key = planned.key;
  const RowMethod& method = *find_method(key.method);
  TrainingWork work;
  if (!method.trains) {
    work.weights = target.evolved->wiring.weight_count();
    return work;
  }
  const RowOptions options = options_of(context.settings, key);
  work.samples = samples_of_step(target, options);
  work.steps = steps_of(context.settings, key);
  if (method.needs_genome) {
    work.weights = target.evolved->wiring.weight_count();
    work.edges = static_cast<double>(work.weights);
    return work;
  }
  if (method.transferred) {
    work.weights = transferred_wiring(options).weight_count();
    work.edges = static_cast<double>(work.weights);
    return work;
  }
  if (method.arm) {
    const sgd::Recursion recursion = recursion_of_row(*method.arm, options);
    work.weights = work.dense_weights = sgd::parameter_count(recursion, picture_signature());
    work.edges = static_cast<double>(sgd::lower(recursion, picture_signature()).network.edges().size());
    return work;
  }
  work.dense_weights = dense_start(target, options, key.depth, 0, method.rectified).wiring.weight_count();
  const sgd::PruneMethod* pruning = pruning_of(key);
  work.weights = pruning ? std::min(key.count, work.dense_weights) : work.dense_weights;
  work.edges = static_cast<double>(work.weights);
  if (pruning) work.edges = mean_edges(*pruning, work.dense_weights, work.weights, work.steps);
  else if (has_own_parent && key.method == "dense-adam" && options.training.schedule == "constant" &&
           options.training.penalty == "none")
    work.steps -= parent_steps(options);
  return work;
}

TrainingWork parent_work(const RowContext& context, const PlannedRow& parent) {
  TrainingWork work = training_work(context, parent, false);
  work.steps = std::max<std::int64_t>(1, parent_steps(options_of(context.settings, parent.key)));
  return work;
}

}  // namespace skein::experiments
