#include "sgd/simplify/similar_effects.hpp"

#include <utility>

namespace skein::sgd {
namespace {

using Eigen::Index;

/// Adds a constant to the sum of every reader, by way of the constant unit; nothing where there is none or it would be none.
void add_constant(MatrixMlp& mlp, std::size_t layer, Index constant, double value_of_constant,
                  const Eigen::VectorXd& amounts) {
  if (constant < 0 || value_of_constant == 0) return;
  for (Index row = 0; row < amounts.size(); ++row) {
    if (amounts(row) == 0) continue;
    mlp.weights[layer + 1](row, constant) += amounts(row) / value_of_constant;
    mlp.masks[layer + 1](row, constant) = 1;
    mlp.copies[layer + 1](row, constant) = 0;
  }
}

void merge_cluster(MatrixMlp& mlp, std::size_t layer, const UnitCluster& cluster, Index constant,
                   const Eigen::MatrixXd& effects, const Eigen::MatrixXd& values) {
  const Index medoid = cluster.medoid;
  double growth = 0;
  Eigen::VectorXd amounts = Eigen::VectorXd::Zero(mlp.weights[layer + 1].rows());
  for (const Index other : cluster.others) {
    if (other == constant) continue;
    growth += effects.col(other).dot(effects.col(medoid)) / effects.col(medoid).squaredNorm();
    amounts += values.col(other).mean() * mlp.weights[layer + 1].col(other);
    remove_unit(mlp, layer, other);
  }
  amounts -= growth * values.col(medoid).mean() * mlp.weights[layer + 1].col(medoid);
  mlp.weights[layer + 1].col(medoid) *= 1 + growth;
  for (Index row = 0; row < mlp.copies[layer + 1].rows() && growth != 0; ++row)
    mlp.copies[layer + 1](row, medoid) = 0;
  if (constant != medoid)
    add_constant(mlp, layer, constant, constant < 0 ? 0 : values.col(constant).mean(), amounts);
}

}  // namespace

Eigen::MatrixXd effect_similarity(const Eigen::MatrixXd& effects) {
  Eigen::MatrixXd scaled = effects;
  for (Index u = 0; u < scaled.cols(); ++u) {
    const double length = scaled.col(u).norm();
    if (length > 1e-12) scaled.col(u) /= length;
    else scaled.col(u).setZero();
  }
  return (scaled.transpose() * scaled).cwiseAbs().cwiseMin(1);
}

int merge_alike_effects(MatrixMlp& mlp, std::size_t layer, const Eigen::MatrixXd& effects,
                        const Eigen::MatrixXd& values, const Eigen::MatrixXd& reference_outputs,
                        const MergeSettings& settings) {
  const Index constant = constant_unit(mlp, layer, values);
  const Eigen::MatrixXd similarity = effect_similarity(effects);
  std::vector<std::int64_t> fan_in;
  for (Index u = 0; u < values.cols(); ++u)
    fan_in.push_back(mlp.masks[layer].row(u).cast<std::int64_t>().sum());
  int merged = 0;
  for (const UnitCluster& cluster : cluster_units(similarity, fan_in, settings.threshold)) {
    MatrixMlp tried = mlp;
    merge_cluster(tried, layer, cluster, constant, effects, values);
    const double change =
        visible_difference(mlp.signature, outputs_of(tried, values, layer + 1), reference_outputs);
    if (!(change <= settings.most_change) || tried.weight_count() < settings.least_weights) continue;
    mlp = std::move(tried);
    merged += static_cast<int>(cluster.others.size());
  }
  return merged;
}

}  // namespace skein::sgd
