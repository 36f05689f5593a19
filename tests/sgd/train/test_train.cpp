#include "sgd/train/train.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/matrices.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

/// A few units wide, half of its weights masked out, the first two weights of layer 2 marked as copies.
Wiring sparse_wiring() {
  auto wiring = dense_wiring(parse_architecture("3;cache:2,gaussian:2,tanh:2"), picture_signature());
  RandomStream random(5, "test mask");
  for (auto& mask : wiring.masks)
    for (auto& m : mask) m = random.chance(0.6);
  for (const std::size_t place : {0u, 7u}) wiring.masks[1][place] = wiring.copies[1][place] = 1;
  return wiring;
}

Picture small_target() {
  const auto wiring = dense_wiring(parse_architecture("2;gaussian:3,sin:2"), picture_signature());
  auto lowered = lower(wiring);
  return draw(Plan(lowered.network), initial_weights(wiring, {.seed = 9}), Grid{12, 12});
}

Trainer start(const TrainSettings& settings, bool freeze = false) {
  const auto wiring = sparse_wiring();
  return {picture_problem(wiring, small_target(), freeze), settings,
          initial_weights(wiring, {.seed = 3, .copies_at_one = freeze})};
}

const OptimizerSettings optimizers[] = {Adam{}, Momentum{}, Momentum{0.9, true}, Muon{}};

}  // namespace

TEST_CASE("training lowers the loss with every optimiser and keeps the best") {
  for (const auto& optimizer : optimizers) {
    CAPTURE(name(optimizer));
    auto trainer = start({.steps = 300, .optimizer = optimizer});
    trainer.run();
    const auto& state = trainer.state();
    CHECK(trainer.done());
    CHECK(state.losses.size() == 300);
    CHECK(state.best_loss < 0.5 * state.losses.front());
    CHECK(state.best_loss == doctest::Approx(*std::ranges::min_element(state.losses)));
    auto problem = picture_problem(sparse_wiring(), small_target());
    Loss loss(Plan(problem.network), problem.samples, problem.target);
    CHECK(loss.value(state.best) == doctest::Approx(state.best_loss).epsilon(1e-6));
  }
}

TEST_CASE(
    "after every step of every optimiser frozen copies are exactly one and masked weights do not exist") {
  const auto wiring = sparse_wiring();
  const auto trainable = trainable_without_copies(wiring);
  for (const auto& optimizer : optimizers) {
    auto trainer = start({.steps = 20, .optimizer = optimizer}, true);
    for (int step = 0; step < 20; ++step) {
      trainer.step();
      const auto& weights = trainer.state().weights;
      REQUIRE(weights.size() == static_cast<std::size_t>(wiring.weight_count()));
      int frozen = 0;
      for (std::size_t i = 0; i < weights.size(); ++i)
        if (!trainable[i]) {
          REQUIRE(weights[i] == 1.0f);
          ++frozen;
        }
      REQUIRE(frozen == 2);
    }
  }
}

TEST_CASE("stopped and continued from its state, training gives the same bits, on any number of threads") {
  for (const auto& optimizer : optimizers) {
    const TrainSettings settings{.steps = 40,
                                 .optimizer = optimizer,
                                 .schedule = ScheduleKind::warmup_cosine,
                                 .warmup = 5,
                                 .rewind_step = 10,
                                 .batch = 60,
                                 .seed = 4};
    auto whole = start(settings);
    whole.run();
    auto first = start(settings);
    first.advance(17);
    CHECK(first.state().step == 17);
    const ThreadLimit limit(1);
    Trainer second(picture_problem(sparse_wiring(), small_target()), settings, first.state());
    second.run();
    CHECK(second.state() == whole.state());
  }
}

TEST_CASE("initial weights and those before the rewind step are kept") {
  auto trainer = start({.steps = 9, .rewind_step = 4});
  const auto before = trainer.state().weights;
  trainer.advance(4);
  const auto fourth = trainer.state().weights;
  CHECK(trainer.state().rewind.empty());
  trainer.run();
  const auto mlp = trained_mlp(sparse_wiring(), trainer.settings(), trainer.state());
  CHECK(mlp.initial == before);
  CHECK(mlp.rewind == fourth);
  CHECK(mlp.rewind_step == 4);
  CHECK(mlp.weights == trainer.state().best);
  validate(mlp);
}

TEST_CASE("a masked network trains as the dense one whose masked weights are held at zero") {
  const Wiring wiring = sparse_wiring();
  Wiring full = wiring;
  for (auto& mask : full.masks) std::ranges::fill(mask, std::uint8_t{1});
  const Weights sparse = initial_weights(wiring, {.seed = 3});
  const Matrices start_at = matrices_of(wiring, sparse);
  Problem dense = picture_problem(full, small_target());
  for (const auto& mask : wiring.masks)
    dense.trainable.insert(dense.trainable.end(), mask.begin(), mask.end());
  for (const auto& optimizer : optimizers) {
    CAPTURE(name(optimizer));
    const TrainSettings settings{.steps = 12, .optimizer = optimizer};
    Trainer masked(picture_problem(wiring, small_target()), settings, sparse);
    Trainer held(dense, settings, weights_of(full, start_at));
    masked.run();
    held.run();
    CHECK(masked.state().weights != sparse);
    const Matrices a = matrices_of(wiring, masked.state().weights),
                   b = matrices_of(full, held.state().weights);
    for (std::size_t l = 0; l < a.size(); ++l)
      for (std::size_t i = 0; i < a[l].size(); ++i) {
        if (wiring.masks[l][i]) CHECK(a[l][i] == doctest::Approx(b[l][i]).epsilon(1e-3).scale(1e-2));
        else CHECK(b[l][i] == 0.0f);
      }
  }
}

TEST_CASE("dividing by the gradient's norm makes plain descent take steps of one length") {
  for (const bool normalize : {true, false}) {
    auto trainer =
        start({.steps = 1, .optimizer = Momentum{0}, .learning_rate = 0.01, .normalize_gradient = normalize});
    const auto before = trainer.state().weights;
    trainer.run();
    double square = 0;
    for (std::size_t i = 0; i < before.size(); ++i)
      square += std::pow(trainer.state().weights[i] - before[i], 2);
    CHECK((std::abs(std::sqrt(square) - 0.01) < 1e-5) == normalize);
  }
}

TEST_CASE("a gradient of zero is left alone") {
  NetworkBuilder builder(Signature{{"x"}, {"y"}});
  const Edge edge{0, 0};
  const auto unit = builder.add_unit({Activation::identity, 1}, std::span(&edge, 1));
  Trainer trainer(
      {std::move(builder).finish({unit}), {}, {}, SampleTable{1, 2, {1, 2}}, std::vector<float>{3, 6}},
      {.steps = 5}, Weights{3});
  trainer.run();
  CHECK(trainer.state().weights == Weights{3});
  CHECK(trainer.state().best_loss == 0);
}

TEST_CASE("a loss that is not finite ends training with step and layer") {
  auto settings =
      TrainSettings{.steps = 50, .optimizer = Momentum{}, .learning_rate = 1e30, .normalize_gradient = false};
  auto trainer = start(settings);
  try {
    trainer.run();
    FAIL("expected NumericError");
  } catch (const NumericError& error) {
    const std::string message = error.what();
    CAPTURE(message);
    CHECK(message.find("step " + std::to_string(trainer.state().step)) != std::string::npos);
    CHECK(message.find('\n') == std::string::npos);
    CHECK((message.find("layer") != std::string::npos || message.find("weight") != std::string::npos));
  }
  CHECK(std::isfinite(trainer.state().best_loss));
}

TEST_CASE("progress is told and can stop the training") {
  auto trainer = start({.steps = 30, .report_every = 10});
  std::vector<std::int64_t> told;
  const auto listen = [&](const Progress& progress) {
    CHECK(progress.stage == "train");
    CHECK(progress.total == 30);
    told.push_back(progress.done);
    return progress.done < 20;
  };
  CHECK_FALSE(trainer.run(listen));
  CHECK(told == std::vector<std::int64_t>{10, 20});
  CHECK(trainer.run(listen) == false);
  CHECK(trainer.done());
}

TEST_CASE("settings and states that do not fit are refused") {
  CHECK_THROWS_AS(start({.steps = -1}), ConfigError);
  CHECK_THROWS_AS(start({.learning_rate = -1}), ConfigError);
  CHECK_THROWS_AS(start({.steps = 5, .rewind_step = 5}), ConfigError);
  CHECK_THROWS_AS(start({.batch = 145}), ConfigError);
  CHECK_THROWS_AS(start({.report_every = 0}), ConfigError);
  const auto problem = picture_problem(sparse_wiring(), small_target());
  CHECK_THROWS_AS(Trainer(problem, {}, Weights(3)), ConfigError);
  auto state = start({.steps = 3}).state();
  state.optimizer.second.clear();
  CHECK_THROWS_AS(Trainer(problem, {.steps = 3}, state), ConfigError);
}
