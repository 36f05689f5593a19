#include "sgd/prune/methods.hpp"

#include <algorithm>
#include <cmath>

namespace skein::sgd {

namespace {

/// How much the loss feels each weight being there: |w dL/dw|, which is |dL/dc| of a gate c = 1 on the weight
/// (Lee, Ajanthan and Torr 2019, "SNIP: single-shot network pruning based on connection sensitivity", equation 5; they
/// divide by the sum, which changes no order, and take a minibatch where all samples are taken here).
std::vector<double> connection_sensitivity(const Mlp& mlp, const Examples& examples) {
  std::vector<float> gradient(mlp.weights.size());
  Loss(Plan(lower(mlp.wiring).network), examples.samples, examples.target)
      .value_and_gradient(mlp.weights, gradient);
  std::vector<double> sensitivity;
  for (std::size_t i = 0; i < gradient.size(); ++i)
    sensitivity.push_back(std::abs(static_cast<double>(mlp.weights[i]) * static_cast<double>(gradient[i])));
  return sensitivity;
}

Pruned prune_snip(const PruneRequest& request, const Retrain& retrain, const OnRound& on_round) {
  require_initial(request.mlp, "snip");
  Mlp mlp = request.mlp;
  mlp.weights = mlp.initial;
  const int cuts = std::max(1, request.rounds);
  for (const std::int64_t asked : round_counts(mlp.wiring.weight_count(), *request.count, cuts)) {
    mlp = restrict_to(mlp, keep_highest(connection_sensitivity(mlp, request.target), asked));
    require_outputs(mlp.wiring, "snip");
  }
  return prune_once(std::move(mlp), *request.count, "snip", retrain, on_round);
}

}  // namespace

PruneMethod snip_method() {
  return {
      .name = "snip",
      .row_name = "snip",
      .label = "SNIP",
      .note =
          "SNIP: before anything is trained, the weights that the loss feels least go, by |weight times "
          "gradient| at the initial weights (Lee, Ajanthan and Torr 2019); what stays is trained from "
          "these. With rounds, it is cut in as many portions, the gradient taken anew for each (Verdenius, "
          "Stol and Forré 2020).",
      .options = {"rounds"},
      .needs_initial = true,
      .prune = prune_snip};
}

}  // namespace skein::sgd
