#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

namespace skein::sgd {

/// A matrix of weights, shape (units, sources), laid out once for the kernel that sums maps, and then applied to as many
/// blocks of pixels as there are. Weights of zero cost little: four units at a time leave out what none of them reads.
class PackedWeights {
 public:
  explicit PackedWeights(const Eigen::MatrixXd& weights);

  /// into(p, u) = sum over s of weights(u, s) * maps(p, s), for `count` pixels from `first` of `maps` and from `into_first`
  /// of `into`. Any thread may ask. As in the engine's kernels, last bits differ between instruction sets.
  void apply(const Eigen::MatrixXd& maps, Eigen::Index first, Eigen::Index count, Eigen::MatrixXd& into,
             Eigen::Index into_first) const;

 private:
  static constexpr Eigen::Index together = 4;  ///< units that the kernel sums at a time

  std::vector<Eigen::Index> sources_;  ///< group after group, those that a unit of the group reads
  std::vector<std::size_t> ends_;      ///< of each group in `sources_`
  std::vector<double> factors_;        ///< source after source, one for each unit of the group
  Eigen::Index units_ = 0;
};

}  // namespace skein::sgd
