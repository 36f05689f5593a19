#pragma once

#include <Eigen/Core>
#include <span>

namespace skein::sgd {

/// Products of maps with each other, summed over the pixels with weights: entry (i, j) is the sum of
/// weights(p) * maps(p, columns[i]) * maps(p, columns[j]) over p. Only the lower triangle is meant. Bit for bit the same on
/// any number of threads; as in the engine's kernels, last bits differ between instruction sets.
Eigen::MatrixXd weighted_products(const Eigen::MatrixXd& maps, std::span<const Eigen::Index> columns,
                                  const Eigen::VectorXd& weights);

/// The same with one map more behind the others.
Eigen::MatrixXd weighted_products(const Eigen::MatrixXd& maps, std::span<const Eigen::Index> columns,
                                  const Eigen::VectorXd& last, const Eigen::VectorXd& weights);

}  // namespace skein::sgd
