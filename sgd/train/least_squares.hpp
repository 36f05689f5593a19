#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <optional>

#include "sgd/train/train.hpp"

namespace skein::sgd {

/// A sum of squares to be made small: residuals at a point, shape (residuals), and how they change with each unknown, shape
/// (residuals, unknowns).
struct LeastSquares {
  std::function<Eigen::VectorXd(const Eigen::VectorXd& at)> residuals;
  std::function<Eigen::MatrixXd(const Eigen::VectorXd& at)> jacobian;
};

struct LevenbergSettings {
  std::int64_t steps = 200;  ///< at most; each solves for one step of all unknowns, accepted or not
  double damping = 1e-3;     ///< at the start, relative to the diagonal
  double least_change =
      1e-12;  ///< ends when a step changes no unknown by more than this times (1 + its size)

  /// Throws ConfigError.
  void validate() const;
};

struct LevenbergResult {
  Eigen::VectorXd at;  ///< of the least sum met
  double squares = 0;  ///< the sum there
  double first = 0;    ///< the sum at the start
  std::int64_t steps = 0;
  bool converged = false;
};

/// Levenberg 1944 and Marquardt 1963: each step solves (J'J + m diag(J'J)) d = -J'r; a step that lowers the sum is taken and m
/// falls, another is not and m rises (Nielsen 1999). Unknowns that nothing depends on stay. Asks `go_on` before every step;
/// nothing when it says no. Throws NumericError when the start is not finite.
std::optional<LevenbergResult> levenberg_marquardt(const LeastSquares& problem, const Eigen::VectorXd& start,
                                                   const LevenbergSettings& settings = {},
                                                   const std::function<bool()>& go_on = {});

/// A layered MLP's weights fitted to a picture: residuals are the errors of RGB, plane after plane, each over the root of their
/// number, so that their sum of squares is the loss. In double precision.
LeastSquares picture_squares(const Wiring& wiring, const Picture& target);

/// The most weights for which this pays: each step costs residuals times weights squared.
inline constexpr int most_second_order = 300;

}  // namespace skein::sgd
