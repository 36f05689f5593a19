#include <doctest/doctest.h>

#include <algorithm>

#include "lib/base/error.hpp"
#include "sgd/mlp/architecture.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/train/checkpoint.hpp"
#include "sgd/train/train.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

Picture ramp() {
  Picture picture(16, 16);
  for (std::size_t p = 0; p < picture.pixels(); ++p)
    for (int c = 0; c < 3; ++c) picture.channel(c)[p] = static_cast<float>(p % 16) / 15;
  return picture;
}

Wiring sparse_test_wiring() {
  return dense_wiring(parse_architecture("3;cache:4,gaussian:3"), picture_signature());
}

std::size_t nonzero(const Weights& weights) {
  return static_cast<std::size_t>(std::ranges::count_if(weights, [](float w) { return w != 0; }));
}

}  // namespace

TEST_CASE("the fraction falls evenly over the first half of the steps, or not at all") {
  const Sparsity linear{.keep = 0.2};
  CHECK(linear.at(0, 100) == doctest::Approx(1));
  CHECK(linear.at(25, 100) == doctest::Approx(0.6));
  CHECK(linear.at(50, 100) == doctest::Approx(0.2));
  CHECK(linear.at(100, 100) == doctest::Approx(0.2));
  const Sparsity constant{.keep = 0.2, .schedule = SparsitySchedule::constant};
  CHECK(constant.at(0, 100) == doctest::Approx(0.2));
  CHECK_THROWS_AS(Sparsity{.keep = 0}.validate(), ConfigError);
  CHECK_THROWS_AS(Sparsity{.keep = 1.5}.validate(), ConfigError);
  CHECK_THROWS_AS(parse_sparsity_schedule("often"), ConfigError);
}

TEST_CASE("each matrix keeps its share of its largest weights, one into each unit first") {
  // A matrix of 2 x 4 and one of 1 x 2.
  WeightLayout layout{{{2, 4}, {1, 2}}, {}};
  for (int row = 0; row < 2; ++row)
    for (int column = 0; column < 4; ++column) layout.places.push_back({0, row, column});
  layout.places.push_back({1, 0, 0});
  layout.places.push_back({1, 0, 1});
  const SparseProjection projection(layout, 10, {});
  Weights weights{9, -8, 7, 6, 1, 0.5f, -2, 0.25f, 3, -4};
  projection.apply(0.5, weights);
  CHECK(weights == Weights{9, -8, 7, 0, 0, 0, -2, 0, 0, -4});
  Weights few{9, -8, 7, 6, 1, 0.5f, -2, 0.25f, 3, -4};
  SparseProjection(layout, 10, {1, 1, 1, 1, 1, 1, 1, 1, 0, 0}).apply(0.25, few);
  CHECK(few == Weights{9, 0, 0, 0, 0, 0, -2, 0, 3, -4});
  CHECK_THROWS_AS(SparseProjection(layout, 9, {}), ConfigError);
}

TEST_CASE("weight-sparse training ends on the exact count, its zeros exact from half-way on") {
  const Wiring wiring = sparse_test_wiring();
  TrainSettings settings;
  settings.steps = 40;
  settings.sparsity.keep = 0.25;
  Trainer trainer(picture_problem(wiring, ramp()), settings, initial_weights(wiring, {.seed = 1}));
  const std::size_t all = trainer.state().weights.size(), wanted = (all + 2) / 4;
  std::size_t before = all;
  while (!trainer.done()) {
    trainer.step();
    const std::size_t now = nonzero(trainer.state().weights);
    CHECK(now <= before);
    before = now;
    if (trainer.state().step >= 20) CHECK(now == wanted);
  }
  CHECK(nonzero(trainer.state().best) == wanted);
  CHECK(trainer.state().best_step >= 20);
  CHECK(nonzero(trained_mlp(wiring, settings, trainer.state()).weights) == wanted);
}

TEST_CASE("weight-sparse training goes on from a checkpoint with the same bits") {
  const Wiring wiring = sparse_test_wiring();
  TrainSettings settings;
  settings.steps = 30;
  settings.sparsity = {.keep = 0.3, .schedule = SparsitySchedule::constant};
  Trainer whole(picture_problem(wiring, ramp()), settings, initial_weights(wiring, {.seed = 2}));
  CHECK(nonzero(whole.state().weights) < whole.state().weights.size());
  whole.advance(11);
  Checkpoint checkpoint;
  checkpoint.wiring = wiring;
  checkpoint.settings = settings;
  checkpoint.state = whole.state();
  const Checkpoint read = decode_checkpoint(encode_checkpoint(checkpoint), "test");
  CHECK(read.settings.sparsity == settings.sparsity);
  Trainer rest(picture_problem(wiring, ramp()), read.settings, read.state);
  whole.run();
  rest.run();
  CHECK(whole.state() == rest.state());
  Checkpoint other = checkpoint;
  other.settings.sparsity.keep = 0.5;
  CHECK_THROWS_AS(require_same_training(read, other), ConfigError);
}
