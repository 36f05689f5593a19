// Units put in another order and turned in sign are found again.
#include "experiments/swarm/align_networks.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/matrix_mlp.hpp"
#include "sgd/mlp/sample_inputs.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

sgd::Mlp random_mlp(const char* architecture, std::uint64_t seed) {
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture(architecture), picture_signature());
  mlp.weights = sgd::initial_weights(mlp.wiring, {.seed = seed, .scale = 1.5});
  return mlp;
}

/// The same function with the units of every layer shuffled among their kinds' columns and others', and the signs of
/// odd ones turned at random.
sgd::Mlp disordered(const sgd::Mlp& mlp, std::uint64_t seed) {
  sgd::MatrixMlp m = sgd::to_matrices(mlp);
  RandomStream random(seed, "disorder of a test");
  for (std::size_t l = 0; l < m.depth(); ++l) {
    const sgd::MatrixMlp old = m;
    std::vector<Eigen::Index> order(m.hidden[l].size());
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    random.shuffle(std::span(order));
    for (std::size_t u = 0; u < order.size(); ++u) {
      const auto to = static_cast<Eigen::Index>(u), from = order[u];
      m.hidden[l][u] = old.hidden[l][static_cast<std::size_t>(from)];
      const double sign = parity(m.hidden[l][u].kind.activation) < 0 && random.chance(0.5) ? -1 : 1;
      m.weights[l].row(to) = sign * old.weights[l].row(from);
      m.masks[l].row(to) = old.masks[l].row(from);
      m.weights[l + 1].col(to) = sign * old.weights[l + 1].col(from);
      m.masks[l + 1].col(to) = old.masks[l + 1].col(from);
    }
  }
  return sgd::to_mlp(m);
}

}  // namespace

TEST_CASE("a network whose units were shuffled and turned is aligned with itself, bit for bit") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    const sgd::Mlp mlp = random_mlp("3;tanh:6,gaussian:4,relu:3,identity:2", seed);
    const sgd::Mlp other = disordered(mlp, seed + 50);
    CHECK(wiring_difference(other.wiring, mlp.wiring).has_value());
    const sgd::Mlp aligned = aligned_to(other, mlp);
    CHECK_FALSE(wiring_difference(aligned.wiring, mlp.wiring));
    CHECK(aligned.weights == mlp.weights);
  }
}

TEST_CASE("alignment keeps the function of any network") {
  const sgd::Mlp a = random_mlp("4;tanh:5,sin:3,cos:2,sigmoid:2,steep-sigmoid:2", 1),
                 b = random_mlp("4;tanh:5,sin:3,cos:2,sigmoid:2,steep-sigmoid:2", 2),
                 aligned = aligned_to(b, a);
  const auto before = sgd::to_matrices(b), after = sgd::to_matrices(aligned);
  const Eigen::MatrixXd inputs = sgd::sample_inputs(picture_signature(), Grid{16, 16});
  CHECK((sgd::outputs_of(before, inputs) - sgd::outputs_of(after, inputs)).cwiseAbs().maxCoeff() < 1e-10);
  CHECK(aligned.weights != b.weights);
}

TEST_CASE("what cannot be aligned is refused, and wirings that differ say in what") {
  const sgd::Mlp mlp = random_mlp("2;tanh:4,relu:2", 0);
  CHECK_THROWS_AS(aligned_to(random_mlp("3;tanh:4,relu:2", 0), mlp), ConfigError);
  CHECK_THROWS_AS(aligned_to(random_mlp("2;tanh:3,relu:3", 0), mlp), ConfigError);
  const auto difference = [&](const sgd::Mlp& other) {
    return wiring_difference(other.wiring, mlp.wiring).value_or("");
  };
  CHECK(difference(random_mlp("3;tanh:4,relu:2", 0)) == "it has 3 layers instead of 2");
  CHECK(difference(random_mlp("2;tanh:5,relu:2", 0)) == "layer 1 has 7 units instead of 6");
  CHECK(difference(random_mlp("2;relu:2,tanh:4", 0)) == "unit 1 of layer 1 is relu instead of tanh");
  std::vector<std::uint8_t> keep(mlp.weights.size(), 1);
  keep.back() = 0;
  const sgd::Mlp sparse = sgd::restrict_to(mlp, keep);
  CHECK(difference(sparse) == "other weights exist in the output layer");
  CHECK_THROWS_WITH_AS(aligned_to(sparse, mlp), doctest::Contains("other weights exist"), ConfigError);
}
