#include "sgd/simplify/similar_effects.hpp"

#include <doctest/doctest.h>

#include "sgd/mlp/architecture.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/sample_inputs.hpp"
#include "sgd/mlp/sensitivities.hpp"
#include "sgd/prune/methods.hpp"
#include "tests/support/random_network.hpp"

using namespace skein;
using namespace skein::sgd;
using Eigen::MatrixXd;

namespace {

MatrixMlp network_of(const char* architecture, std::uint64_t seed) {
  Mlp mlp;
  mlp.wiring = dense_wiring(parse_architecture(architecture), picture_signature());
  mlp.weights = initial_weights(mlp.wiring, {.seed = seed});
  return to_matrices(mlp);
}

MatrixXd inputs_for(const MatrixMlp& mlp) { return sample_inputs(mlp.signature, Grid{11, 9}); }

}  // namespace

TEST_CASE("a unit's effect is the change of the colours when its value moves towards its mean") {
  const MatrixMlp mlp = network_of("2;gaussian:3,tanh:2", 5);
  const Maps maps = maps_of(mlp, inputs_for(mlp));
  const auto effects = unit_effects(mlp, maps);
  REQUIRE(effects.size() == 2);
  const Eigen::Index pixels = 99;
  const double step = 1e-6;
  for (std::size_t layer = 0; layer < 2; ++layer)
    for (Eigen::Index unit = 0; unit < 5; ++unit) {
      CAPTURE(layer);
      CAPTURE(unit);
      const auto moved = [&](double by) {
        MatrixXd values = maps.values[layer + 1];
        const double mean = values.col(unit).mean();
        values.col(unit).array() -= by * (values.col(unit).array() - mean);
        return colours(outputs_of(mlp, values, layer + 1));
      };
      const MatrixXd change = (moved(step) - moved(-step)) / (2 * step);
      double worst = 0;
      for (Eigen::Index channel = 0; channel < 3; ++channel)
        for (Eigen::Index p = 0; p < pixels; ++p)
          worst = std::max(worst, std::abs(effects[layer](channel * pixels + p, unit) - change(p, channel)));
      // Where colours have a corner the two sides differ; here there is none that a step of a millionth meets.
      CHECK(worst < 1e-5);
      CHECK(effects[layer].col(unit).norm() > 1e-3);
    }
}

TEST_CASE("effects are alike whatever their sign and size, and one that does nothing is like none") {
  MatrixXd effects(4, 4);
  effects.col(0) << 1, 2, 0, -1;
  effects.col(1) << -3, -6, 0, 3;
  effects.col(2) << 0, 0, 5, 0;
  effects.col(3).setZero();
  const MatrixXd alike = effect_similarity(effects);
  CHECK(alike(0, 1) == doctest::Approx(1));
  CHECK(alike(0, 2) == doctest::Approx(0));
  CHECK(alike(3, 3) == 0);
  CHECK(alike(0, 3) == 0);
}

TEST_CASE("a unit that was split in two is merged again, and the picture stays") {
  MatrixMlp mlp = network_of("2;gaussian:4", 7);
  // Unit 3 becomes a copy of unit 1 that carries a third of what it sends.
  mlp.weights[0].row(3) = mlp.weights[0].row(1);
  mlp.weights[1].col(3) = mlp.weights[1].col(1) / 3;
  mlp.weights[1].col(1) *= 2.0 / 3;
  const MatrixXd inputs = inputs_for(mlp);
  const Maps maps = maps_of(mlp, inputs);
  const MatrixXd reference = maps.values.back();
  const std::int64_t before = mlp.weight_count();
  const int merged = merge_alike_effects(mlp, 0, unit_effects(mlp, maps)[0], maps.values[1], reference,
                                         {.threshold = 0.9999, .most_change = 1e-20});
  CHECK(merged == 1);
  CHECK(mlp.weight_count() == before - 4 - 4);  // what the unit read and what it sent
  CHECK(visible_difference(mlp.signature, outputs_of(mlp, inputs), reference) < 1e-24);
}

TEST_CASE("merging that changes the picture too much, or leaves too few weights, is left alone") {
  MatrixMlp mlp = network_of("2;gaussian:4", 8);
  const Maps maps = maps_of(mlp, inputs_for(mlp));
  const MatrixMlp before = mlp;
  const auto effects = unit_effects(mlp, maps)[0];
  CHECK(merge_alike_effects(mlp, 0, effects, maps.values[1], maps.values.back(),
                            {.threshold = 1e-9, .most_change = 1e-12}) == 0);
  CHECK(merge_alike_effects(
            mlp, 0, effects, maps.values[1], maps.values.back(),
            {.threshold = 1e-9, .most_change = 1e9, .least_weights = before.weight_count()}) == 0);
  CHECK(mlp.weights == before.weights);
  CHECK(merge_alike_effects(mlp, 0, effects, maps.values[1], maps.values.back(),
                            {.threshold = 1e-9, .most_change = 1e9}) == 3);
}

TEST_CASE("SP by effects leaves the count that is asked for, in as many rounds") {
  PruneRequest request;
  request.mlp.wiring = dense_wiring(parse_architecture("2;gaussian:4,tanh:3"), picture_signature());
  request.mlp.weights = initial_weights(request.mlp.wiring, {.seed = 2});
  request.target = test::random_picture(12, 10, 4);
  request.count = request.mlp.wiring.weight_count() / 3;
  request.rounds = 3;
  int rounds = 0;
  const Retrain no_training = [&](const Retraining& asked) {
    ++rounds;
    return Trained{asked.mlp, 0.5, 0.5, 0};
  };
  const PruneMethod& method = prune_method("sp-effects");
  CHECK_NOTHROW(validate(method, request));
  const Pruned pruned = method.prune(request, no_training, {});
  CHECK(rounds == 3);
  CHECK(pruned.mlp.wiring.weight_count() == *request.count);
  CHECK(pruned.mlp.wiring != prune_method("sp").prune(request, no_training, {}).mlp.wiring);
}
