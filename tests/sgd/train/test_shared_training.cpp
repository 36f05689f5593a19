// Several problems with numbers in common: one alone is an ordinary training, what is shared is one number.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/train/shared_training.hpp"
#include "tests/support/random_network.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

Wiring shared_wiring() { return dense_wiring(parse_architecture("2;gaussian:3,sin:2"), picture_signature()); }

SharedProblem alone(const Wiring& wiring, const Picture& picture, std::uint32_t first = 0) {
  SharedProblem problem{picture_problem(wiring, picture), {}, {}};
  problem.first.resize(static_cast<std::size_t>(problem.problem.network.slot_count()));
  std::iota(problem.first.begin(), problem.first.end(), first);
  return problem;
}

TrainSettings steps(std::int64_t count) {
  TrainSettings settings;
  settings.steps = count;
  return settings;
}

}  // namespace

TEST_CASE("one problem alone is trained bit for bit as by the trainer") {
  const Wiring wiring = shared_wiring();
  const Picture picture = test::random_picture(9, 7, 3);
  const Weights start = initial_weights(wiring, {.seed = 4});
  for (const bool normalize : {true, false}) {
    TrainSettings settings = steps(40);
    settings.normalize_gradient = normalize;
    Trainer trainer(picture_problem(wiring, picture), settings, start);
    trainer.run();
    const auto shared = train_shared({alone(wiring, picture)}, start, settings);
    REQUIRE(shared);
    CHECK(shared->numbers == trainer.state().best);
    CHECK(shared->losses.front() == trainer.state().best_loss);
    CHECK(shared->steps == 40);
  }
}

TEST_CASE("problems that share nothing go the ways that each goes alone, but for which step was the best") {
  const Wiring wiring = shared_wiring();
  const Picture a = test::random_picture(8, 8, 1), b = test::random_picture(8, 8, 2);
  const Weights start = initial_weights(wiring, {.seed = 4});
  const auto slots = static_cast<std::uint32_t>(start.size());
  Weights both = start;
  both.insert(both.end(), start.begin(), start.end());
  // Of a single step the start itself is the best: two steps are needed to see one.
  const auto together = train_shared({alone(wiring, a), alone(wiring, b, slots)}, both, steps(2));
  const auto first = train_shared({alone(wiring, a)}, start, steps(2));
  const auto second = train_shared({alone(wiring, b)}, start, steps(2));
  CHECK(std::equal(first->numbers.begin(), first->numbers.end(), together->numbers.begin()));
  CHECK(std::equal(second->numbers.begin(), second->numbers.end(), together->numbers.begin() + slots));
}

TEST_CASE("a weight may be the sum of two numbers; both then move alike, and each problem has its own") {
  const Wiring wiring = shared_wiring();
  const Picture a = test::random_picture(8, 8, 1), b = test::random_picture(8, 8, 2);
  Weights start = initial_weights(wiring, {.seed = 4});
  SharedProblem of_a = alone(wiring, a), of_b = alone(wiring, b);
  const auto slots = static_cast<std::uint32_t>(start.size());
  for (SharedProblem* problem : {&of_a, &of_b}) problem->second.assign(slots, no_number);
  of_a.second[3] = slots, of_b.second[3] = slots + 1;
  start.insert(start.end(), {0.5f, -0.25f});
  CHECK(of_a.weights_of(start)[3] == start[3] + 0.5f);
  CHECK(of_b.weights_of(start)[3] == start[3] - 0.25f);
  CHECK(of_b.weights_of(start)[2] == start[2]);
  const auto trained = train_shared({of_a, of_b}, start, steps(60));
  REQUIRE(trained);
  CHECK(trained->numbers[slots] != 0.5f);
  CHECK(trained->numbers[slots + 1] != -0.25f);
  CHECK(trained->losses.size() == 2);
  const ThreadLimit one(1);
  CHECK(train_shared({of_a, of_b}, start, steps(60))->numbers == trained->numbers);
}

TEST_CASE("shared training refuses what it does not know and what does not fit") {
  const Wiring wiring = shared_wiring();
  const Picture picture = test::random_picture(8, 8, 1);
  const Weights start = initial_weights(wiring, {.seed = 4});
  CHECK_THROWS_AS(train_shared({}, start, steps(1)), ConfigError);
  CHECK_THROWS_AS(train_shared({alone(wiring, picture, 1)}, start, steps(1)), ConfigError);
  SharedProblem short_one = alone(wiring, picture);
  short_one.first.pop_back();
  CHECK_THROWS_AS(train_shared({short_one}, start, steps(1)), ConfigError);
  TrainSettings muon = steps(1);
  muon.optimizer = Muon{};
  CHECK_THROWS_AS(train_shared({alone(wiring, picture)}, start, muon), ConfigError);
  TrainSettings batch = steps(1);
  batch.batch = 4;
  CHECK_THROWS_AS(train_shared({alone(wiring, picture)}, start, batch), ConfigError);
  CHECK(!train_shared({alone(wiring, picture)}, start, steps(60), [](const Progress&) { return false; }));
}
