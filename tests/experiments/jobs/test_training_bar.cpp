// Trainings that end at the first network under a bar.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "experiments/jobs/training_job.hpp"
#include "experiments/targets/targets.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

struct BarCase {
  test::TemporaryFolder folder;
  Picture target = built_in_target("disc").draw({16, 16});
  TrainingJob job;

  BarCase() {
    job.wiring = sgd::dense_wiring(sgd::parse_architecture("2;gaussian:4,sin:4"), picture_signature());
    job.start = sgd::initial_weights(job.wiring, {.seed = 3});
    job.settings.steps = 300;
  }

  std::optional<TrainedNetwork> train(const ProgressListener& listener = {}) const {
    return run_training(job, target, {.file = folder.path() / "checkpoint"}, listener);
  }
  void forget() const { std::filesystem::remove(folder.path() / "checkpoint"); }
};

}  // namespace

TEST_CASE(
    "a training with a bar ends at the first network under it, the one that the longer training passes") {
  BarCase one;
  const auto whole = one.train();
  REQUIRE(whole);
  one.forget();
  one.job.bar = static_cast<double>(whole->losses[10] + whole->losses[200]) / 2;
  const auto first = std::ranges::find_if(whole->losses, [&](float loss) { return loss < one.job.bar; });
  const auto step = first - whole->losses.begin();
  REQUIRE(step > 0);
  const auto stopped = one.train();
  REQUIRE(stopped);
  CHECK(stopped->crossed);
  CHECK(stopped->steps == step + 1);
  CHECK(static_cast<float>(stopped->best_loss) == *first);
  CHECK(std::equal(stopped->losses.begin(), stopped->losses.end(), whole->losses.begin()));
  // The weights are those whose loss that was: one step more of the longer training starts from them.
  one.forget();
  one.job.bar = 0;
  one.job.settings.steps = step + 1;
  const auto until = one.train();
  REQUIRE(until);
  CHECK(until->mlp.weights == stopped->mlp.weights);
}

TEST_CASE("a bar that is never met changes nothing, and a stop on the way neither") {
  BarCase one;
  const auto whole = one.train();
  one.forget();
  one.job.bar = 1e-9;
  int reports = 0;
  CHECK_FALSE(one.train([&](const Progress&) { return ++reports < 2; }));
  const auto resumed = one.train();
  REQUIRE(whole);
  REQUIRE(resumed);
  CHECK_FALSE(resumed->crossed);
  CHECK(resumed->mlp.weights == whole->mlp.weights);
  CHECK(resumed->losses == whole->losses);
}

TEST_CASE("a bar does not end a weight-sparse training before it is as sparse as it is to be") {
  BarCase one;
  one.job.settings.sparsity = {.keep = 0.25, .schedule = sgd::SparsitySchedule::linear};
  one.job.bar = 10;  // under it from the first step on
  const auto trained = one.train();
  REQUIRE(trained);
  CHECK(trained->crossed);
  const auto left = std::ranges::count_if(trained->mlp.weights, [](float w) { return w != 0.0f; });
  CHECK(left == std::llround(0.25 * static_cast<double>(trained->mlp.weights.size())));
  CHECK(trained->steps >= one.job.settings.steps / 2);
}
