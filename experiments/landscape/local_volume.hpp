#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <span>

namespace skein::experiments {

/// How much higher the loss is at an offset from a network's weights than at the weights.
using Rise = std::function<double(std::span<const double> offset)>;

/// A linear change of coordinates: offsets are `directions` times what is drawn.
struct Preconditioner {
  Eigen::MatrixXd directions;
  double log_determinant = 0;  ///< of |directions|
};

/// None: what is drawn are offsets.
Preconditioner no_preconditioner(Eigen::Index dimensions);

/// The inverse root of a symmetric matrix, a Hessian; eigenvalues below `floor` times the greatest (negative ones too) are
/// taken for that. Throws NumericError where no eigenvalue is positive.
Preconditioner inverse_root(const Eigen::MatrixXd& hessian, double floor = 1e-6);

struct LocalVolumeSettings {
  double rise = 0.01;     ///< the loss may be so much higher
  int directions = 1000;  ///< drawn
  double farthest = 1e4;  ///< radii end there, in preconditioned units
  std::uint64_t seed = 0;
};

struct LocalVolume {
  double log_volume = 0;  ///< natural logarithm, in units of weights to the number of weights
  /// How many directions carry the mean: (sum r^n)^2 / sum r^2n. Near 1 the number is a poor lower bound.
  double effective = 0;
  int unbounded = 0;  ///< directions in which the loss never rose so far
};

/// The volume of the star-shaped set around the weights in which the loss has risen by at most `rise` along the ray from
/// them (Scherlis, Belrose 2025): the mean over random directions of the radius to the power of the dimension, times the unit
/// ball's volume, times the preconditioner's determinant. In many dimensions few directions carry that mean: without a
/// preconditioner it is far too low, with the inverse root of the Hessian it is exact for quadratics. Departure: the plain
/// volume, not that under a distribution of initial weights. Throws ConfigError for a rise or a count that is not positive.
LocalVolume local_volume(const Rise& rise, const Preconditioner& preconditioner,
                         const LocalVolumeSettings& settings);

/// Of the unit ball.
double log_ball_volume(Eigen::Index dimensions);

}  // namespace skein::experiments
