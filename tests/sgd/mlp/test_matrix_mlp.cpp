#include "sgd/mlp/matrix_mlp.hpp"
#include "sgd/mlp/sample_inputs.hpp"
#include "sgd/mlp/sensitivities.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/parallel.hpp"
#include "sgd/mlp/initial_weights.hpp"

using namespace skein;
using namespace skein::sgd;
using Eigen::MatrixXd;

namespace {

Mlp network(std::uint64_t seed) {
  Mlp mlp;
  mlp.wiring = dense_wiring(parse_architecture("3;cache:1,gaussian:2,sin:2,tanh:2"), picture_signature());
  for (auto& mask : mlp.wiring.masks)
    for (std::size_t i = seed; i < mask.size(); i += 5) mask[i] = 0;
  mlp.weights = initial_weights(mlp.wiring, {.seed = seed});
  return mlp;
}

const Grid grid{33, 29};  // not a whole number of blocks

}  // namespace

TEST_CASE("an MLP comes back from matrices as it was, with the nodes its inputs are") {
  Mlp mlp = network(1);
  for (std::size_t i = 0; i < mlp.wiring.signature.inputs.size(); ++i)
    mlp.wiring.inputs.push_back({.branch = 3, .id = static_cast<std::int32_t>(i)});
  const Mlp back = to_mlp(to_matrices(mlp));
  CHECK(back.weights == mlp.weights);
  CHECK(back.wiring.masks == mlp.wiring.masks);
  CHECK(back.wiring.inputs == mlp.wiring.inputs);
}

TEST_CASE("maps and sensitivities are the same to the last bit on any number of threads") {
  const MatrixMlp mlp = to_matrices(network(2));
  const MatrixXd inputs = sample_inputs(mlp.signature, grid);
  std::vector<Maps> maps;
  std::vector<std::vector<MatrixXd>> felt;
  for (const int threads : {1, 2, 8}) {
    const ThreadLimit limit(threads);
    maps.push_back(maps_of(mlp, inputs));
    felt.push_back(sensitivities(mlp, maps.back()));
  }
  for (std::size_t i = 1; i < maps.size(); ++i) {
    CHECK(maps[i].sums == maps[0].sums);
    CHECK(maps[i].values == maps[0].values);
    CHECK(felt[i] == felt[0]);
  }
}

TEST_CASE("the outputs from any layer on are those of the whole network") {
  const MatrixMlp mlp = to_matrices(network(3));
  const MatrixXd inputs = sample_inputs(mlp.signature, grid);
  const Maps maps = maps_of(mlp, inputs);
  CHECK(outputs_of(mlp, inputs) == maps.values.back());
  for (std::size_t layer = 0; layer < mlp.weights.size(); ++layer) {
    CHECK(outputs_of(mlp, maps.values[layer], layer) == maps.values.back());
    CHECK(layer_values(mlp, layer, maps.values[layer]) == maps.values[layer + 1]);
  }
}

TEST_CASE("a sensitivity is the squared derivative of the colours by a unit's sum") {
  const MatrixMlp mlp = to_matrices(network(4));
  const MatrixXd inputs = sample_inputs(mlp.signature, grid);
  const Maps maps = maps_of(mlp, inputs);
  const auto felt = sensitivities(mlp, maps);
  constexpr double step = 1e-6;
  for (std::size_t layer = 0; layer < mlp.weights.size(); ++layer)
    for (Eigen::Index unit = 0; unit < mlp.weights[layer].rows(); ++unit) {
      CAPTURE(layer);
      CAPTURE(unit);
      const auto outputs_at = [&](double by) {
        MatrixXd values = maps.values[layer + 1];
        for (Eigen::Index p = 0; p < values.rows(); ++p)
          values(p, unit) = activate(mlp.activation(layer, unit), maps.sums[layer](p, unit) + by);
        return layer + 1 < mlp.weights.size() ? outputs_of(mlp, values, layer + 1) : values;
      };
      const MatrixXd above = outputs_at(step), below = outputs_at(-step);
      const Eigen::VectorXd colour = (colours(above) - colours(below)).rowwise().squaredNorm(),
                            raw = (above - below).rowwise().squaredNorm();
      Eigen::VectorXd expected = (colour + raw_sensitivity * raw) / (4 * step * step);
      expected.array() += even_sensitivity * expected.mean();
      // A corner of the colours that lies within the step says nothing.
      const double largest = felt[layer].col(unit).maxCoeff();
      const auto apart = ((felt[layer].col(unit) - expected).array().abs() > 1e-6 * largest + 1e-9).count();
      CHECK(apart <= inputs.rows() / 50);
    }
}
