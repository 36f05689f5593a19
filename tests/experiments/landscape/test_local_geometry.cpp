// Traces, gaps and volumes of quadratics, where they are known; the volume without a preconditioner, where it fails.
#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "experiments/landscape/flatness.hpp"
#include "experiments/landscape/local_volume.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/train/train.hpp"
#include "sgd/twins/rescaling.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

Eigen::MatrixXd random_rotation(Eigen::Index n, RandomStream& random) {
  Eigen::MatrixXd gaussian(n, n);
  for (Eigen::Index i = 0; i < n * n; ++i) gaussian.data()[i] = random.normal();
  return Eigen::HouseholderQR<Eigen::MatrixXd>(gaussian).householderQ();
}

/// Eigenvalues from 1e-4 to 1e2 in equal ratios, along random axes.
struct Quadratic {
  Eigen::VectorXd values;
  Eigen::MatrixXd axes, matrix;
  Quadratic(Eigen::Index n, std::uint64_t seed) : values(n) {
    RandomStream random(seed, "quadratic");
    for (Eigen::Index i = 0; i < n; ++i)
      values(i) = std::pow(
          10.0, -4 + 6.0 * static_cast<double>(i) / static_cast<double>(std::max<Eigen::Index>(1, n - 1)));
    axes = random_rotation(n, random);
    matrix = axes * values.asDiagonal() * axes.transpose();
  }
  Rise rise() const {
    return [this](std::span<const double> offset) {  // plain loops: called a hundred thousand times
      const std::size_t n = offset.size();
      const double* entry = matrix.data();
      double form = 0;
      for (std::size_t column = 0; column < n; ++column) {
        double product = 0;
        for (std::size_t row = 0; row < n; ++row) product += *entry++ * offset[row];
        form += offset[column] * product;
      }
      return form / 2;
    };
  }
  /// Of the ellipsoid w'Aw / 2 <= rise.
  double log_volume(double rise) const {
    const auto n = static_cast<double>(values.size());
    return log_ball_volume(values.size()) + n / 2 * std::log(2 * rise) - values.array().log().sum() / 2;
  }
};

/// (1/2) (w - c)' A (w - c) in single precision.
LossSlope slope_about(const Eigen::MatrixXd& matrix, float centre) {
  return [&matrix, centre](std::span<const float> weights, std::span<float> gradient) {
    const auto n = static_cast<Eigen::Index>(weights.size());
    Eigen::VectorXd w(n);
    for (Eigen::Index i = 0; i < n; ++i)
      w(i) = static_cast<double>(weights[static_cast<std::size_t>(i)] - centre);
    const Eigen::VectorXd product = matrix * w;
    for (Eigen::Index i = 0; i < n; ++i)
      gradient[static_cast<std::size_t>(i)] = static_cast<float>(product(i));
    return 0.5 * w.dot(product);
  };
}

Eigen::MatrixXd known_matrix() {
  Eigen::MatrixXd matrix(4, 4);
  matrix << 4, 1, 0, .5, 1, 3, .2, 0, 0, .2, 2, .1, .5, 0, .1, 1;
  return matrix;
}

}  // namespace

TEST_CASE("trace, Hessian and gap of a quadratic are known") {
  const Eigen::MatrixXd matrix = known_matrix();
  const LossSlope slope = slope_about(matrix, 0.5f);
  const Weights centre(4, 0.5f), elsewhere{1, -1, .25f, 2};
  for (const Weights& weights : {centre, elsewhere}) {
    const Estimate trace = hessian_trace(slope, weights, 400, 1);
    CHECK(trace.value == doctest::Approx(10).epsilon(0.03));
    CHECK(std::abs(trace.value - 10) < 4 * trace.error + 1e-3);
    CHECK((hessian(slope, weights) - matrix).cwiseAbs().maxCoeff() < 2e-3);
  }
  const double largest = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(matrix).eigenvalues().maxCoeff();
  CHECK(sam_gap(slope, centre, 0.1, 3) == doctest::Approx(0.5 * 0.01 * largest).epsilon(1e-3));
  CHECK(sam_gap(slope, centre, 0.1, 3, 0, 1) < 0.5 * 0.01 * largest);
}

TEST_CASE("slow: the local volume of quadratics up to 30 dimensions is known within a tenth of a nat") {
  for (const Eigen::Index n : {1, 2, 5, 10, 20, 30}) {
    CAPTURE(n);
    const Quadratic quadratic(n, static_cast<std::uint64_t>(n));
    const double known = quadratic.log_volume(0.3);
    LocalVolumeSettings settings{.rise = 0.3, .directions = 200, .farthest = 1e6, .seed = 2};
    const LocalVolume exact = local_volume(quadratic.rise(), inverse_root(quadratic.matrix, 0), settings);
    CHECK(std::abs(exact.log_volume - known) < 0.1);
    CHECK(exact.unbounded == 0);
    // A preconditioner that is a little wrong: every eigenvalue by a factor between 0.8 and 1.25.
    RandomStream random(9, "wrong preconditioner", static_cast<std::uint64_t>(n));
    Eigen::VectorXd wrong = quadratic.values;
    for (Eigen::Index i = 0; i < n; ++i) wrong(i) *= std::exp(random.uniform(-1, 1) * std::log(1.25));
    const Eigen::MatrixXd near = quadratic.axes * wrong.asDiagonal() * quadratic.axes.transpose();
    settings.directions = 1000;
    CHECK(std::abs(local_volume(quadratic.rise(), inverse_root(near, 0), settings).log_volume - known) < 0.1);
  }
}

TEST_CASE(
    "slow: without a preconditioner the local volume is far too low, and says that few directions carry it") {
  const Quadratic quadratic(30, 30);
  const LocalVolumeSettings settings{.rise = 0.3, .directions = 1000, .farthest = 1e6, .seed = 2};
  const LocalVolume plain = local_volume(quadratic.rise(), no_preconditioner(30), settings);
  CHECK(plain.log_volume < quadratic.log_volume(0.3) - 10);
  CHECK(plain.effective < 30);
  CHECK(local_volume(quadratic.rise(), inverse_root(quadratic.matrix, 0), settings).effective > 950);
}

TEST_CASE("volumes say where the loss does not rise, and what cannot be asked") {
  const Rise flat = [](std::span<const double>) { return 0.0; };
  CHECK(local_volume(flat, no_preconditioner(2), {.directions = 10}).unbounded == 10);
  CHECK_THROWS_AS(inverse_root(Eigen::MatrixXd::Zero(3, 3)), NumericError);
  CHECK_THROWS_AS(local_volume(flat, no_preconditioner(2), {.rise = 0}), ConfigError);
  CHECK_THROWS_AS(local_volume(flat, no_preconditioner(2), {.directions = 0}), ConfigError);
  CHECK(log_ball_volume(2) == doctest::Approx(std::log(std::numbers::pi)));
  CHECK(log_ball_volume(3) == doctest::Approx(std::log(4.0 / 3 * std::numbers::pi)));
}

TEST_CASE(
    "the engine's own loss has the trace that least squares give, and rescalings change it until balanced") {
  // brightness = w d: the loss is mean (w d - t)^2 / 3 over RGB planes that are all equal, so its second derivative
  // is 2 mean d^2.
  sgd::Mlp line;
  line.wiring.signature = picture_signature();
  line.wiring.masks = {std::vector<std::uint8_t>(12, 0)};
  line.wiring.copies = line.wiring.masks;
  line.wiring.masks[0][10] = 1;
  line.weights = {0.4f};
  constexpr int side = 16;
  const Grid grid{side, side};
  const auto loss_of = [&](const sgd::Mlp& mlp, const Picture& picture) {
    const sgd::Problem problem = sgd::picture_problem(mlp.wiring, picture);
    return Loss(Plan(problem.network), problem.samples, problem.target);
  };
  double squares = 0;
  for (int r = 0; r < side; ++r)
    for (int c = 0; c < side; ++c)
      squares += distance_scale * distance_scale * (grid.x(c) * grid.x(c) + grid.y(r) * grid.y(r));
  const Picture picture = draw(Plan(sgd::lower(line.wiring).network), line.weights, grid);
  Loss loss = loss_of(line, picture);
  CHECK(hessian_trace(slope_of(loss), line.weights, 2, 0).value ==
        doctest::Approx(2 * squares / (side * side)).epsilon(0.01));

  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("2;cache:2,gaussian:3"), picture_signature());
  mlp.weights = sgd::initial_weights(mlp.wiring, {.seed = 3});
  const Picture drawn = draw(Plan(sgd::lower(mlp.wiring).network), mlp.weights, grid);
  const auto trace = [&](const sgd::Mlp& network) {
    Loss own = loss_of(network, drawn);
    return hessian(slope_of(own), network.weights).trace();
  };
  sgd::Mlp twin = mlp;
  for (std::uint64_t seed = 0; seed < 6; ++seed) twin = sgd::rescale_units(twin, seed);
  CHECK(std::abs(trace(twin) / trace(mlp) - 1) > 0.1);
  CHECK(trace(sgd::balance_rescalings(twin)) ==
        doctest::Approx(trace(sgd::balance_rescalings(mlp))).epsilon(0.02));
}
