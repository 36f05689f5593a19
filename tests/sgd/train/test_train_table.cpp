#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/train/checkpoint.hpp"
#include "tests/support/two_spirals.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

Examples by_squares() { return {test::two_spirals(), test::spiral_classes()}; }
Examples by_logistic() { return {test::two_spirals(), test::logistic_loss(test::spiral_classes())}; }

Trainer trainer_on(const Examples& examples, const TrainSettings& settings) {
  const Wiring wiring = test::spiral_wiring();
  return {problem_on(wiring, examples), settings, initial_weights(wiring, {.seed = 1})};
}

}  // namespace

TEST_CASE("a table is learnt by squared errors and by a loss of one's own, whole and in minibatches") {
  for (const Examples& examples : {by_squares(), by_logistic()})
    for (const std::uint32_t batch : {0u, 97u}) {
      CAPTURE(batch);
      Trainer trainer = trainer_on(examples, {.steps = 2500, .learning_rate = 1e-2, .batch = batch});
      trainer.run();
      const Mlp mlp{test::spiral_wiring(), trainer.state().weights, {}, {}, 0};
      // Half the samples at a time is a noisy gradient; guessing is right for half of them.
      const double right = test::accuracy(mlp, test::two_spirals(), test::spiral_classes());
      CHECK(right > (batch == 0 ? 0.9 : 0.65));
      CHECK(trainer.state().mean_loss() < 0.8 * static_cast<double>(trainer.state().losses.front()));
    }
}

TEST_CASE("a minibatch of all samples is the whole table, bit for bit") {
  for (const Examples& examples : {by_squares(), by_logistic()}) {
    Trainer whole = trainer_on(examples, {.steps = 40}),
            all = trainer_on(examples, {.steps = 40, .batch = 194});
    whole.run();
    all.run();
    CHECK(all.state().losses == whole.state().losses);
    CHECK(all.state().weights == whole.state().weights);
  }
}

TEST_CASE("each step of minibatches sees other samples, and the same ones when the training is resumed") {
  const TrainSettings settings{.steps = 60, .batch = 20, .seed = 3};
  Trainer whole = trainer_on(by_logistic(), settings);
  whole.run();
  Trainer first = trainer_on(by_logistic(), settings);
  first.advance(25);
  const Checkpoint saved{test::spiral_wiring(),      false,  settings,
                         fingerprint(by_logistic()), "test", first.state()};
  const Checkpoint read = decode_checkpoint(encode_checkpoint(saved), "memory");
  CHECK(read == saved);
  const ThreadLimit limit(1);
  Trainer second(problem_on(test::spiral_wiring(), by_logistic()), settings, read.state);
  second.run();
  CHECK(second.state() == whole.state());
  // At a rate of zero only the samples change between steps.
  Trainer still = trainer_on(by_squares(), {.steps = 12, .learning_rate = 1e-30, .batch = 20});
  still.run();
  for (std::size_t i = 1; i < still.state().losses.size(); ++i)
    CHECK(still.state().losses[i] != still.state().losses[i - 1]);
}

TEST_CASE("a checkpoint tells what it was fitted to, whatever that was") {
  const auto table = test::two_spirals();
  auto moved = table;
  moved.values[5] += 0.5f;
  auto flipped = test::spiral_classes();
  flipped[3] = -flipped[3];
  const Picture picture(6, 5);
  const std::vector<std::uint64_t> prints{
      fingerprint(by_squares()),
      fingerprint(by_logistic()),
      fingerprint({moved, test::spiral_classes()}),
      fingerprint({table, flipped}),
      fingerprint({subset_of(table, {1, 2}), test::spiral_classes()}),
      fingerprint({subset_of(table, {1, 3}), test::spiral_classes()}),
      fingerprint(picture),
      fingerprint({Grid{6, 5, 2.0}, picture}),
      fingerprint({PixelSubset{{6, 5}, {0}}, picture}),
      fingerprint({table, SampleLoss{test::logistic_loss({}).call, "another"}})};
  for (std::size_t a = 0; a < prints.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) CHECK(prints[a] != prints[b]);
  CHECK(fingerprint(by_logistic()) == prints[1]);
}

TEST_CASE("minibatches larger than the table, or of a subset, are refused") {
  CHECK_THROWS_AS(trainer_on(by_squares(), {.batch = 195}), ConfigError);
  CHECK_THROWS_AS(
      trainer_on({subset_of(test::two_spirals(), {1, 2, 3}), test::spiral_classes()}, {.batch = 2}),
      ConfigError);
  CHECK_THROWS_AS(trainer_on({test::two_spirals(), std::vector<float>(7)}, {}), ConfigError);
  CHECK_THROWS_AS(trainer_on({test::two_spirals(), SampleLoss{}}, {}), ConfigError);
}
