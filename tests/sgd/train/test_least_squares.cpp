// Levenberg and Marquardt's method on problems whose optimum is known, and a picture's Jacobian against differences.
#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/train/least_squares.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

LeastSquares rosenbrock() {
  LeastSquares problem;
  problem.residuals = [](const Eigen::VectorXd& at) {
    return Eigen::VectorXd(Eigen::Vector2d(10 * (at(1) - at(0) * at(0)), 1 - at(0)));
  };
  problem.jacobian = [](const Eigen::VectorXd& at) {
    Eigen::MatrixXd jacobian(2, 2);
    jacobian << -20 * at(0), 10, -1, 0;
    return jacobian;
  };
  return problem;
}

Mlp random_start(const char* architecture, std::uint64_t seed) {
  Mlp mlp;
  mlp.wiring = dense_wiring(parse_architecture(architecture), picture_signature());
  mlp.weights = initial_weights(mlp.wiring, {.seed = seed});
  return mlp;
}

Eigen::VectorXd as_vector(const Weights& weights) {
  return Eigen::Map<const Eigen::VectorXf>(weights.data(), static_cast<Eigen::Index>(weights.size()))
      .cast<double>();
}

}  // namespace

TEST_CASE("linear least squares end at the normal equations' solution") {
  RandomStream random(1, "least squares test");
  Eigen::MatrixXd matrix(40, 6);
  Eigen::VectorXd wanted(40);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix.data()[i] = random.normal();
  for (Eigen::Index i = 0; i < 40; ++i) wanted(i) = random.normal();
  LeastSquares problem;
  problem.residuals = [&](const Eigen::VectorXd& at) { return Eigen::VectorXd(matrix * at - wanted); };
  problem.jacobian = [&](const Eigen::VectorXd&) { return matrix; };
  const Eigen::VectorXd known = matrix.colPivHouseholderQr().solve(wanted);
  const auto found = levenberg_marquardt(problem, Eigen::VectorXd::Constant(6, 3));
  REQUIRE(found);
  CHECK((found->at - known).cwiseAbs().maxCoeff() < 1e-9);
  CHECK(found->squares == doctest::Approx((matrix * known - wanted).squaredNorm()));
  CHECK(found->converged);
  CHECK(found->steps < 30);
}

TEST_CASE("Rosenbrock's valley is followed to its end at (1, 1)") {
  for (const double x : {-1.2, 3.0, -4.0}) {
    const auto found = levenberg_marquardt(rosenbrock(), Eigen::Vector2d(x, 1));
    REQUIRE(found);
    CHECK(std::abs(found->at(0) - 1) < 1e-6);
    CHECK(std::abs(found->at(1) - 1) < 1e-6);
    CHECK(found->squares < 1e-12);
  }
}

TEST_CASE("an unknown that nothing depends on stays, and a start that is not finite is refused") {
  LeastSquares problem = rosenbrock();
  const LeastSquares two = problem;
  problem.jacobian = [two](const Eigen::VectorXd& at) {
    Eigen::MatrixXd jacobian = Eigen::MatrixXd::Zero(2, 3);
    jacobian.leftCols(2) = two.jacobian(at.head(2));
    return jacobian;
  };
  problem.residuals = [two](const Eigen::VectorXd& at) { return two.residuals(at.head(2)); };
  const auto found = levenberg_marquardt(problem, Eigen::Vector3d(-1, 2, 7));
  REQUIRE(found);
  CHECK(found->squares < 1e-12);
  CHECK(found->at(2) == doctest::Approx(7));
  CHECK_THROWS_AS(levenberg_marquardt(two, Eigen::Vector2d(std::nan(""), 0)), NumericError);
  CHECK_THROWS_AS(levenberg_marquardt(two, Eigen::Vector2d(0, 0), {.steps = 0}), ConfigError);
  CHECK(!levenberg_marquardt(two, Eigen::Vector2d(0, 0), {}, [] { return false; }));
}

TEST_CASE("a picture's squares are the engine's loss, and their Jacobian is that of differences") {
  const Mlp truth = random_start("2;cache:1,gaussian:2,sin:2", 1),
            start = random_start("2;cache:1,gaussian:2,sin:2", 2);
  const Picture target = draw(Plan(lower(truth.wiring).network), truth.weights, Grid{9, 7});
  const LeastSquares problem = picture_squares(start.wiring, target);
  const Eigen::VectorXd at = as_vector(start.weights);
  const Problem engine = picture_problem(start.wiring, target);
  Loss loss(Plan(engine.network), engine.samples, engine.target);
  CHECK(problem.residuals(at).squaredNorm() == doctest::Approx(loss.value(start.weights)).epsilon(1e-4));
  const Eigen::MatrixXd jacobian = problem.jacobian(at);
  REQUIRE(jacobian.rows() == 3 * 63);
  REQUIRE(jacobian.cols() == at.size());
  constexpr double step = 1e-6;
  int far = 0;  // colours have corners: a difference across one is no derivative
  for (Eigen::Index w = 0; w < at.size(); ++w) {
    Eigen::VectorXd up = at, down = at;
    up(w) += step;
    down(w) -= step;
    const Eigen::VectorXd difference = (problem.residuals(up) - problem.residuals(down)) / (2 * step);
    for (Eigen::Index r = 0; r < difference.size(); ++r)
      far += std::abs(difference(r) - jacobian(r, w)) > 1e-5;
  }
  CHECK(far <= 2);
}

TEST_CASE("the method finds a small picture's network again from nearby, in a few steps") {
  const Mlp truth = random_start("2;gaussian:2,sin:2", 5);
  const Picture target = draw(Plan(lower(truth.wiring).network), truth.weights, Grid{16, 16});
  Eigen::VectorXd start = as_vector(truth.weights);
  RandomStream random(3, "nearby");
  for (Eigen::Index w = 0; w < start.size(); ++w) start(w) *= 1 + 0.02 * random.normal();
  const auto found = levenberg_marquardt(picture_squares(truth.wiring, target), start, {.steps = 60});
  REQUIRE(found);
  CHECK(found->squares < 1e-3 * found->first);
}
