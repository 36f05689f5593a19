#pragma once

#include <Eigen/Core>
#include <vector>

namespace skein::sgd {

/// An interpolative decomposition: matrix = matrix(:, pivots) * factor, with factor(:, pivots) = 1 (Cheng,
/// Gimbutas, Martinsson and Rokhlin 2005), so that a basis is chosen among the columns themselves.
struct Interpolative {
  std::vector<Eigen::Index> pivots;
  Eigen::MatrixXd factor;  ///< (pivots) x (columns)
};

/// By QR with column pivoting of the columns scaled by `sizes`; the rank is numerical (single-precision noise
/// does not count) and at most `most`. Columns of size 0 have a factor of 0.
Interpolative interpolate(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& sizes, Eigen::Index most);

}  // namespace skein::sgd
