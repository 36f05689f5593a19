#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "experiments/swarm/search.hpp"
#include "lib/engine/engine.hpp"

namespace skein::experiments {

/// The affine hull of networks of one wiring: their mean and the directions in which they differ, scaled so that their
/// coordinates have mean 0 and variance 1 along each.
class Hull {
 public:
  /// One vector of weights a network, all of one length. Throws ConfigError with fewer than two, of different lengths
  /// or not finite, or when all are the same.
  explicit Hull(const std::vector<Weights>& experts);

  std::size_t dimensions() const { return static_cast<std::size_t>(directions_.cols()); }
  /// Of each network, in the order given.
  const std::vector<Coordinates>& experts() const { return experts_; }
  /// The weights at a point.
  Weights at(const Coordinates& point) const;
  /// How far weights lie from the hull, relative to their own length: the residual of the least squares fit by the
  /// networks themselves, not by the directions above.
  double residual(std::span<const float> weights) const;

 private:
  Eigen::VectorXd mean_;        ///< (weights)
  Eigen::MatrixXd directions_;  ///< (weights, dimensions)
  Eigen::MatrixXd basis_;  ///< (weights, networks - 1): orthonormal, spans the differences from the first
  Eigen::VectorXd first_;  ///< (weights)
  std::vector<Coordinates> experts_;
};

}  // namespace skein::experiments
