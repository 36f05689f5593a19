#include "sgd/simplify/interpolative.hpp"

#include <Eigen/QR>
#include <algorithm>

namespace skein::sgd {

Interpolative interpolate(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& sizes, Eigen::Index most) {
  using Eigen::Index;
  constexpr double rank_tolerance = 3e-6;  // tuned: over single-precision noise
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(matrix * sizes.asDiagonal());
  qr.setThreshold(rank_tolerance);
  const Index rank = std::min(qr.rank(), most);
  Interpolative result{std::vector<Index>(static_cast<std::size_t>(rank)),
                       Eigen::MatrixXd::Zero(rank, matrix.cols())};
  const auto& order = qr.colsPermutation().indices();
  const Eigen::MatrixXd upper = qr.matrixR().topRows(rank).template triangularView<Eigen::Upper>();
  const Eigen::MatrixXd solved = upper.leftCols(rank).template triangularView<Eigen::Upper>().solve(upper);
  for (Index c = 0; c < matrix.cols(); ++c) {
    const Index column = order(c);
    if (c < rank) result.pivots[static_cast<std::size_t>(c)] = column;
    if (sizes(column) > 0) result.factor.col(column) = solved.col(c) / sizes(column);
  }
  for (Index r = 0; r < rank; ++r) result.factor.row(r) *= sizes(result.pivots[static_cast<std::size_t>(r)]);
  for (Index r = 0; r < rank; ++r)
    for (Index s = 0; s < rank; ++s)
      result.factor(s, result.pivots[static_cast<std::size_t>(r)]) = r == s ? 1 : 0;
  return result;
}

}  // namespace skein::sgd
