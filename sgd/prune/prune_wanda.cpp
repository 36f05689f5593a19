#include "sgd/prune/prune_wanda.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "lib/base/error.hpp"
#include "sgd/mlp/matrix_mlp.hpp"
#include "sgd/mlp/sample_inputs.hpp"
#include "sgd/prune/methods.hpp"

namespace skein::sgd {

namespace {

using Eigen::Index;

/// Leaves in one row the `quota` weights of highest saliency.
void prune_row(MatrixMlp& mlp, std::size_t layer, Index row, std::int64_t quota,
               std::span<const double> norms) {
  std::vector<Index> columns;
  std::vector<double> weights, sizes;
  for (Index c = 0; c < mlp.weights[layer].cols(); ++c)
    if (mlp.masks[layer](row, c)) {
      columns.push_back(c);
      weights.push_back(mlp.weights[layer](row, c));
      sizes.push_back(norms[static_cast<std::size_t>(c)]);
    }
  if (columns.empty()) return;
  const KeepMask keep = keep_highest(wanda_saliency(weights, sizes), quota);
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (!keep[i]) {
      mlp.masks[layer](row, columns[i]) = 0;
      mlp.weights[layer](row, columns[i]) = 0;
    }
}

}  // namespace

std::vector<double> wanda_saliency(std::span<const double> weights, std::span<const double> norms) {
  if (norms.empty() || weights.size() % norms.size() != 0)
    throw ConfigError(std::to_string(norms.size()) + " input norms for " + std::to_string(weights.size()) +
                      " weights");
  std::vector<double> saliency;
  for (std::size_t i = 0; i < weights.size(); ++i)
    saliency.push_back(std::abs(weights[i]) * norms[i % norms.size()]);
  return saliency;
}

std::vector<std::int64_t> largest_remainder(const std::vector<std::int64_t>& sizes, std::int64_t count) {
  const std::int64_t total = std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0});
  if (count < 0 || count > total)
    throw ConfigError("cannot share " + std::to_string(count) + " out among " + std::to_string(total));
  if (total == 0) return sizes;
  std::vector<std::int64_t> shares, remainders;
  std::int64_t given = 0;
  for (const std::int64_t size : sizes) {
    shares.push_back(size * count / total);
    remainders.push_back(size * count % total);
    given += shares.back();
  }
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; given < count; ++i, ++given) ++shares[order[i]];
  return shares;
}

KeepMask keep_wanda(const Mlp& mlp, const SampleSource& samples, std::int64_t count) {
  const std::int64_t kept = keep_count(count, mlp.wiring.weight_count());
  MatrixMlp pruned = to_matrices(mlp);
  std::vector<std::int64_t> sizes;
  for (const auto& mask : pruned.masks)
    for (Index row = 0; row < mask.rows(); ++row) sizes.push_back(mask.row(row).cast<std::int64_t>().sum());
  const auto quotas = largest_remainder(sizes, kept);
  Eigen::MatrixXd values = sample_inputs(pruned.signature, samples);
  std::size_t next = 0;
  for (std::size_t layer = 0; layer < pruned.weights.size(); ++layer) {
    std::vector<double> norms;
    for (Index c = 0; c < values.cols(); ++c) norms.push_back(values.col(c).norm());
    for (Index row = 0; row < pruned.weights[layer].rows(); ++row)
      prune_row(pruned, layer, row, quotas[next++], norms);
    values = layer_values(pruned, layer, values);
  }
  KeepMask keep;
  for (std::size_t layer = 0; layer < pruned.masks.size(); ++layer)
    for (Index row = 0; row < pruned.masks[layer].rows(); ++row)
      for (Index column = 0; column < pruned.masks[layer].cols(); ++column) {
        const auto place = static_cast<std::size_t>(row * pruned.masks[layer].cols() + column);
        if (mlp.wiring.masks[layer][place]) keep.push_back(pruned.masks[layer](row, column));
      }
  return keep;
}

PruneMethod wanda_method() {
  return {
      .name = "wanda",
      .row_name = "wanda",
      .label = "Wanda",
      .note =
          "Weights ranked within each output unit by size times the norm of their input (Sun, Liu, Bair and "
          "Kolter 2023), layer by layer, inputs computed anew; then retrained.",
      .options = {"rounds"},
      .prune = [](const PruneRequest& request, const Retrain& retrain, const OnRound& on_round) {
        return prune_by_mask(
            request, "wanda",
            [](const PruneRequest& asked, const Mlp& mlp, std::int64_t count, int) {
              return keep_wanda(mlp, asked.target.samples, count);
            },
            retrain, on_round);
      }};
}

}  // namespace skein::sgd
