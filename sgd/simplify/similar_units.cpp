#include "sgd/simplify/similar_units.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>

namespace skein::sgd {

namespace {

/// A map whose deviation is below this part of its root mean square is constant. tuned: over single-precision
/// noise, far under any visible variation.
constexpr double constant_ratio = 1e-6;

constexpr double rounding = 1e-6;  ///< relative, of sums of a few weights of single precision

struct MapKind {
  bool zero = false;
  bool constant = false;
};

MapKind kind_of(const Eigen::VectorXd& map) {
  const double size = std::sqrt(map.squaredNorm() / static_cast<double>(map.size()));
  if (size < 1e-12) return {true, false};
  const double deviation = std::sqrt((map.array() - map.mean()).square().mean());
  return {false, deviation < constant_ratio * size};
}

Eigen::MatrixXd unit_columns(Eigen::MatrixXd maps) {
  for (Eigen::Index u = 0; u < maps.cols(); ++u) {
    const double norm = maps.col(u).norm();
    if (norm > 0) maps.col(u) /= norm;
  }
  return maps;
}

}  // namespace

Eigen::Index constant_unit(const MatrixMlp& mlp, std::size_t layer, const Eigen::MatrixXd& values) {
  Eigen::Index best = -1;
  std::int64_t least = 0;
  for (Eigen::Index u = 0; u < values.cols(); ++u) {
    const std::int64_t fan_in = mlp.masks[layer].row(u).cast<std::int64_t>().sum();
    if (!kind_of(values.col(u)).constant || fan_in == 0 || (best >= 0 && fan_in >= least)) continue;
    best = u;
    least = fan_in;
  }
  return best;
}

Eigen::MatrixXd map_similarity(const Eigen::MatrixXd& values, bool has_constant) {
  std::vector<MapKind> kinds;
  Eigen::MatrixXd centred = values;
  for (Eigen::Index u = 0; u < values.cols(); ++u) {
    kinds.push_back(kind_of(values.col(u)));
    centred.col(u).array() -= values.col(u).mean();
    if (kinds.back().zero || kinds.back().constant) centred.col(u).setZero();
  }
  centred = unit_columns(std::move(centred));
  Eigen::MatrixXd similarity = (centred.transpose() * centred).cwiseAbs().cwiseMin(1);
  if (!has_constant) {
    const Eigen::MatrixXd whole = unit_columns(values);
    similarity = similarity.cwiseMin((whole.transpose() * whole).cwiseAbs());
  }
  for (Eigen::Index a = 0; a < values.cols(); ++a)
    for (Eigen::Index b = 0; b < values.cols(); ++b)
      if (kinds[static_cast<std::size_t>(a)].constant && kinds[static_cast<std::size_t>(b)].constant)
        similarity(a, b) = 1;
  return similarity;
}

std::vector<UnitCluster> cluster_units(const Eigen::MatrixXd& similarity,
                                       const std::vector<std::int64_t>& fan_in, double threshold) {
  const Eigen::Index units = similarity.cols();
  std::vector<std::uint8_t> taken(static_cast<std::size_t>(units));
  const auto is_taken = [&](Eigen::Index u) -> std::uint8_t& { return taken[static_cast<std::size_t>(u)]; };
  std::vector<UnitCluster> clusters;
  while (true) {
    Eigen::Index medoid = -1;
    double most = 0;
    for (Eigen::Index u = 0; u < units; ++u) {
      if (is_taken(u)) continue;
      double sum = 0;
      for (Eigen::Index v = 0; v < units; ++v)
        if (v != u && !is_taken(v) && similarity(u, v) >= threshold) sum += similarity(u, v);
      if (sum == 0) continue;
      // Sums that agree to a millionth are ties: duplicates differ by rounding alone.
      const bool more = medoid < 0 || sum > most + 1e-6;
      const bool simpler = medoid >= 0 && std::abs(sum - most) <= 1e-6 &&
                           fan_in[static_cast<std::size_t>(u)] < fan_in[static_cast<std::size_t>(medoid)];
      if (!more && !simpler) continue;
      medoid = u;
      most = std::max(most, sum);
    }
    if (medoid < 0) return clusters;
    UnitCluster cluster{medoid, {}};
    is_taken(medoid) = 1;
    for (Eigen::Index v = 0; v < units; ++v)
      if (!is_taken(v) && similarity(medoid, v) >= threshold) {
        cluster.others.push_back(v);
        is_taken(v) = 1;
      }
    clusters.push_back(std::move(cluster));
  }
}

void remove_unit(MatrixMlp& mlp, std::size_t layer, Eigen::Index unit) {
  mlp.weights[layer + 1].col(unit).setZero();
  mlp.masks[layer + 1].col(unit).setZero();
  mlp.copies[layer + 1].col(unit).setZero();
  mlp.weights[layer].row(unit).setZero();
  mlp.masks[layer].row(unit).setZero();
  mlp.copies[layer].row(unit).setZero();
}

void fold_unit(MatrixMlp& mlp, std::size_t layer, Eigen::Index medoid, Eigen::Index other,
               Eigen::Index constant, const Eigen::MatrixXd& values) {
  std::vector<Eigen::Index> stand_ins{medoid};
  if (constant >= 0 && constant != medoid && constant != other) stand_ins.push_back(constant);
  Eigen::MatrixXd basis(values.rows(), std::ssize(stand_ins));
  for (std::size_t i = 0; i < stand_ins.size(); ++i)
    basis.col(static_cast<Eigen::Index>(i)) = values.col(stand_ins[i]);
  const Eigen::VectorXd factors = basis.colPivHouseholderQr().solve(values.col(other));
  auto& weights = mlp.weights[layer + 1];
  auto& mask = mlp.masks[layer + 1];
  // An offset that single precision could not tell from none makes no new connection.
  const double size = values.col(other).norm();
  for (std::size_t i = 0; i < stand_ins.size(); ++i) {
    const Eigen::Index to = stand_ins[i];
    const double factor = factors(static_cast<Eigen::Index>(i));
    if (std::abs(factor) * values.col(to).norm() < 1e-5 * size) continue;
    for (Eigen::Index row = 0; row < weights.rows(); ++row) {
      if (!mask(row, other)) continue;
      const double own = weights(row, to), added = factor * weights(row, other);
      // What cancels but for the rounding of single precision is gone.
      const bool cancels = std::abs(own + added) <= rounding * (std::abs(own) + std::abs(added));
      weights(row, to) = cancels ? 0 : own + added;
      mask(row, to) = 1;
      mlp.copies[layer + 1](row, to) = 0;
    }
  }
  remove_unit(mlp, layer, other);
}

int merge_similar_units(MatrixMlp& mlp, std::size_t layer, const Eigen::MatrixXd& values,
                        const Eigen::MatrixXd& reference_outputs, const MergeSettings& settings) {
  const Eigen::Index constant = constant_unit(mlp, layer, values);
  Eigen::MatrixXd similarity = map_similarity(values, constant >= 0);
  std::vector<std::int64_t> fan_in;
  for (Eigen::Index u = 0; u < values.cols(); ++u) {
    fan_in.push_back(mlp.masks[layer].row(u).cast<std::int64_t>().sum());
    const bool unread = mlp.masks[layer + 1].col(u).isZero();
    if (unread || fan_in.back() == 0) {
      similarity.row(u).setZero();
      similarity.col(u).setZero();
    }
  }
  int merged = 0;
  for (const auto& cluster : cluster_units(similarity, fan_in, settings.threshold)) {
    MatrixMlp folded = mlp;
    for (const Eigen::Index other : cluster.others)
      fold_unit(folded, layer, cluster.medoid, other, constant, values);
    const double change =
        visible_difference(mlp.signature, outputs_of(folded, values, layer + 1), reference_outputs);
    if (change > settings.most_change || folded.weight_count() < settings.least_weights) continue;
    mlp = std::move(folded);
    merged += static_cast<int>(cluster.others.size());
  }
  return merged;
}

}  // namespace skein::sgd
