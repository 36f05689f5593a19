#include "experiments/families/decodability.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>
#include <numeric>

#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

Eigen::MatrixXd matrix_of(const std::vector<std::vector<double>>& rows) {
  Eigen::MatrixXd matrix(std::ssize(rows), std::ssize(rows.front()));
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < rows[r].size(); ++c)
      matrix(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)) = rows[r][c];
  return matrix;
}

/// Means of the values over the picture, one row per code.
Eigen::MatrixXd mean_units(const Plan& plan, std::span<const float> weights,
                           const std::vector<std::vector<double>>& codes,
                           const std::vector<ValueIndex>& values, int size) {
  std::vector<std::vector<double>> rows(codes.size(), std::vector<double>(values.size(), 0.0));
  parallel_for(codes.size(), [&](std::size_t c) {
    const SampleTable samples = family_samples({codes[c]}, size);
    std::vector<float> maps(values.size() * samples.count);
    feature_maps(plan, weights, samples, values, maps);
    for (std::size_t v = 0; v < values.size(); ++v) {
      double sum = 0;
      for (std::size_t s = 0; s < samples.count; ++s) sum += static_cast<double>(maps[v * samples.count + s]);
      rows[c][v] = std::isfinite(sum) ? sum / static_cast<double>(samples.count) : 0.0;
    }
  });
  return matrix_of(rows);
}

/// R2 on (x, y) of the ridge regression fitted to (seen_x, seen_y). The units stand as they are: made of variance 1,
/// those that hardly differ between the combinations seen would decide about the others.
double ridge_r2(Eigen::MatrixXd seen_x, Eigen::MatrixXd seen_y, Eigen::MatrixXd x, const Eigen::MatrixXd& y,
                double ridge) {
  const Eigen::RowVectorXd mean_x = seen_x.colwise().mean(), mean_y = seen_y.colwise().mean();
  seen_x.rowwise() -= mean_x;
  x.rowwise() -= mean_x;
  seen_y.rowwise() -= mean_y;
  Eigen::MatrixXd normal = seen_x.transpose() * seen_x;
  const double mean_square = normal.trace() / static_cast<double>(normal.rows());
  const double of_mean = (y.rowwise() - mean_y).squaredNorm();
  if (!(of_mean > 0) || !(mean_square > 0)) return 0;
  normal.diagonal().array() += ridge * mean_square;
  const Eigen::MatrixXd map = normal.ldlt().solve(seen_x.transpose() * seen_y);
  return 1 - (x * map - (y.rowwise() - mean_y)).squaredNorm() / of_mean;
}

}  // namespace

std::vector<Decodability> decodability_of(const CodeSplit& split, const Plan& plan,
                                          std::span<const float> weights,
                                          const std::vector<std::vector<ValueIndex>>& layers,
                                          const DecodingSettings& settings, std::uint64_t seed) {
  std::vector<std::vector<ValueIndex>> all = layers;
  std::vector<ValueIndex> inputs(static_cast<std::size_t>(plan.network().input_count()));
  std::iota(inputs.begin(), inputs.end(), ValueIndex{0});
  all.insert(all.begin(), inputs);
  // What the network is told and what is drawn are one only where codes are not shuffled: it is told these.
  const Eigen::MatrixXd seen = matrix_of(split.seen_codes), unseen = matrix_of(split.unseen_codes);
  Eigen::MatrixXd exchanged = seen;
  std::vector<Eigen::Index> order(split.seen_codes.size());
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  RandomStream(seed, "shuffled codes").shuffle(std::span(order));
  for (std::size_t i = 0; i < order.size(); ++i)
    exchanged.row(static_cast<Eigen::Index>(i)) = seen.row(order[i]);
  std::vector<Decodability> result;
  for (std::size_t layer = 0; layer < all.size(); ++layer) {
    const Eigen::MatrixXd x = mean_units(plan, weights, split.seen_codes, all[layer], settings.size);
    const Eigen::MatrixXd other = mean_units(plan, weights, split.unseen_codes, all[layer], settings.size);
    result.push_back({static_cast<int>(layer), ridge_r2(x, seen, other, unseen, settings.ridge),
                      ridge_r2(x, exchanged, other, unseen, settings.ridge)});
  }
  return result;
}

}  // namespace skein::experiments
