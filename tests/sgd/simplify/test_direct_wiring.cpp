#include "sgd/simplify/direct_wiring.hpp"

#include <doctest/doctest.h>

#include <Eigen/LU>

#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/sample_inputs.hpp"
#include "sgd/simplify/linear_carriers.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

MatrixMlp dense(const char* architecture, std::uint64_t seed) {
  Mlp mlp;
  mlp.wiring = dense_wiring(parse_architecture(architecture), picture_signature());
  mlp.weights = initial_weights(mlp.wiring, {.seed = seed});
  return to_matrices(mlp);
}

void connect(MatrixMlp& mlp, std::size_t layer, Eigen::Index unit, Eigen::Index source, double weight) {
  mlp.weights[layer](unit, source) = weight;
  mlp.masks[layer](unit, source) = 1;
}

MatrixMlp empty(const char* architecture) {
  MatrixMlp mlp = dense(architecture, 0);
  for (auto& matrix : mlp.weights) matrix.setZero();
  for (auto& mask : mlp.masks) mask.setZero();
  return mlp;
}

/// Columns 0, 1 copies; 2 gaussian; 3 tanh. x and y are carried up to two readers, h reads a sum.
MatrixMlp chained_wiring() {
  MatrixMlp mlp = empty("3;cache:2,gaussian:1,tanh:1");
  connect(mlp, 0, 0, 0, 1.0);
  connect(mlp, 0, 1, 1, 1.0);
  connect(mlp, 0, 2, 2, 1.5);
  connect(mlp, 1, 0, 0, 1.0);
  connect(mlp, 1, 1, 2, 1.0);
  connect(mlp, 1, 3, 1, 0.7);
  connect(mlp, 1, 3, 2, -0.4);
  connect(mlp, 2, 2, 0, 0.9);
  connect(mlp, 2, 2, 3, 1.1);
  connect(mlp, 2, 3, 1, -0.8);
  connect(mlp, 3, 0, 2, 0.3);
  connect(mlp, 3, 1, 3, 0.5);
  connect(mlp, 3, 2, 2, 1.0);
  connect(mlp, 3, 2, 3, -1.0);
  return mlp;
}

/// The caches of a layer mixed by a matrix, undone in their readers; rounded to single precision.
void mix(MatrixMlp& mlp, std::size_t layer, const Eigen::Matrix2d& by) {
  const Eigen::MatrixXd in = by * mlp.weights[layer].topRows(2),
                        out = mlp.weights[layer + 1].leftCols(2) * by.inverse();
  mlp.weights[layer].topRows(2) = in.cast<float>().cast<double>();
  mlp.weights[layer + 1].leftCols(2) = out.cast<float>().cast<double>();
  for (std::size_t l : {layer, layer + 1}) mlp.masks[l] = (mlp.weights[l].array() != 0).cast<std::uint8_t>();
}

double change(const MatrixMlp& a, const MatrixMlp& b) {
  const auto inputs = sample_inputs(a.signature, Grid{20, 20});
  return (maps_of(a, inputs).values.back() - maps_of(b, inputs).values.back()).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("without its carriers a network computes what it computed, and so it does laid out again") {
  for (const auto* architecture : {"4;cache:6,gaussian:3,tanh:2", "3;cache:2,identity:2,sin:4", "2;tanh:3"})
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      CAPTURE(architecture);
      CAPTURE(seed);
      const MatrixMlp mlp = dense(architecture, seed);
      const auto inputs = sample_inputs(mlp.signature, Grid{20, 20});
      const DirectWiring direct = direct_wiring(mlp);
      const DirectMaps maps = maps_of(direct, inputs);
      const Eigen::MatrixXd wanted = maps_of(mlp, inputs).values.back();
      CHECK((maps.sums.rightCols(3) - wanted).cwiseAbs().maxCoeff() < 1e-9);
      const MatrixMlp again = lay_out(direct, maps);
      CHECK(change(again, mlp) < 1e-4);
      CHECK(again.weight_count() <= mlp.weight_count());
    }
}

TEST_CASE("copies come back from mixtures of them, layer upon layer") {
  const MatrixMlp wiring = chained_wiring();
  const auto inputs = sample_inputs(wiring.signature, Grid{20, 20});
  MatrixMlp mixed = wiring;
  mix(mixed, 0, (Eigen::Matrix2d() << 0.6, -0.8, 0.8, 0.6).finished());
  mix(mixed, 1, (Eigen::Matrix2d() << 1.2, 0.5, -0.3, 0.7).finished());
  REQUIRE(mixed.weight_count() > wiring.weight_count());
  REQUIRE(straighten_carriers(mixed, inputs, {}));
  CHECK(mixed.weight_count() == wiring.weight_count());
  CHECK(change(mixed, wiring) < 1e-5);
  normalize_copies(mixed);
  for (std::size_t l = 0; l < wiring.masks.size(); ++l)
    CHECK(mixed.weights[l].cwiseAbs().sum() ==
          doctest::Approx(wiring.weights[l].cwiseAbs().sum()).epsilon(1e-4));
  CHECK_FALSE(straighten_carriers(mixed, inputs, {}));
}

TEST_CASE("no rewriting leaves fewer weights than are asked for") {
  MatrixMlp mixed = chained_wiring();
  const auto inputs = sample_inputs(mixed.signature, Grid{20, 20});
  mix(mixed, 1, (Eigen::Matrix2d() << 0.6, -0.8, 0.8, 0.6).finished());
  const auto before = mixed.weight_count();
  CHECK_FALSE(straighten_carriers(mixed, inputs, {.least_weights = before - 1}));
  CHECK(mixed.weight_count() == before);
}

TEST_CASE("a sum that stands alone stays a unit, one whose readers read its sources goes") {
  MatrixMlp mlp = empty("2;identity:1,tanh:2");
  connect(mlp, 0, 0, 0, 1.0);
  connect(mlp, 0, 0, 1, 2.0);
  connect(mlp, 1, 1, 0, 0.5);
  connect(mlp, 1, 2, 0, 0.7);
  connect(mlp, 2, 2, 1, 1.0);
  connect(mlp, 2, 2, 2, 1.0);
  DirectWiring alone = direct_wiring(mlp);
  const Eigen::MatrixXd before = alone.weights;
  fuse_sums(alone);
  CHECK(alone.weights == before);
  DirectWiring shared = direct_wiring(mlp);
  // The readers of the sum (value 4) read x as well, one of them y too.
  Eigen::Index first = -1;
  for (Eigen::Index r = 0; r < shared.weights.rows(); ++r)
    if (shared.weights(r, 4) != 0) {
      shared.weights(r, 0) = 0.3;
      if (first < 0) shared.weights(first = r, 1) = 0.2;
    }
  const auto inputs = sample_inputs(shared.signature, Grid{20, 20});
  const DirectMaps wanted = maps_of(shared, inputs);
  fuse_sums(shared);
  CHECK(shared.weights.col(4).isZero(0));
  CHECK((maps_of(shared, inputs).sums.rightCols(3) - wanted.sums.rightCols(3)).cwiseAbs().maxCoeff() < 1e-12);
}
