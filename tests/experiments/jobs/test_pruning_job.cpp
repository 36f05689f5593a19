#include "experiments/jobs/pruning_job.hpp"

#include <doctest/doctest.h>

#include <string>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/prune/prune_magnitude.hpp"
#include "sgd/prune/prune_random.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

Picture grey_target() {
  Picture target(10, 10);
  for (float& value : target.rgb) value = 0.4f;
  return target;
}

PruningJob small_job(const std::string& method, std::int64_t count) {
  PruningJob job;
  job.request.mlp.wiring =
      sgd::dense_wiring(sgd::parse_architecture("2;cache:3,gaussian:3"), picture_signature());
  job.request.mlp.initial = sgd::initial_weights(job.request.mlp.wiring, {.seed = 1});
  job.request.mlp.weights = sgd::initial_weights(job.request.mlp.wiring, {.seed = 2});
  job.method = method;
  job.request.target = grey_target();
  job.request.count = count;
  job.training.steps = 60;
  job.training.report_every = 5;
  return job;
}

std::optional<sgd::Pruned> run(const PruningJob& job, const test::TemporaryFolder& folder,
                               const ProgressListener& listener = {}) {
  return run_pruning(job, folder.path(), book_in(folder.path()), listener);
}

/// A dense network of three layers, and a wiring of one weight per layer that reaches an output.
PruningJob chain_job(std::uint64_t seed) {
  PruningJob job;
  job.request.mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("3;sin:4"), picture_signature());
  job.request.mlp.weights = job.request.mlp.initial =
      sgd::initial_weights(job.request.mlp.wiring, {.seed = seed});
  job.request.like = job.request.mlp.wiring;
  for (auto& mask : job.request.like.masks)
    for (std::size_t i = 1; i < mask.size(); ++i) mask[i] = 0;
  job.method = "random-layers";
  job.request.target = Picture(8, 8);
  job.request.count = job.request.like.weight_count();
  job.training.steps = 2;
  job.request.seed = seed;
  return job;
}

}  // namespace

TEST_CASE("the lottery rewinds to the snapshot that the network keeps, and to none that it has not") {
  PruningJob job = small_job("lottery", 50);
  job.training.steps = 0;
  job.request.lottery.rewind_step = 7;
  CHECK_THROWS_AS(job.validate(), ConfigError);
  job.request.mlp.rewind = sgd::initial_weights(job.request.mlp.wiring, {.seed = 3});
  job.request.mlp.rewind_step = 6;
  CHECK_THROWS_AS(job.validate(), ConfigError);
  job.request.mlp.rewind_step = 7;
  job.request.lottery.cut = 0.9;  // one round
  const test::TemporaryFolder folder;
  const auto pruned = run(job, folder);
  REQUIRE(pruned);
  CHECK(pruned->mlp.weights ==
        sgd::restrict_to(job.request.mlp, sgd::keep_largest(job.request.mlp.weights, 50)).rewind);
}

TEST_CASE("what has pruned a network decides whether a lottery can follow") {
  const PruningJob first = small_job("magnitude", 50);
  const test::TemporaryFolder one, two;
  const auto masked = run(first, one);
  REQUIRE(masked);
  CHECK(masked->mlp.initial ==
        sgd::restrict_to(first.request.mlp, sgd::keep_largest(first.request.mlp.weights, 50)).initial);
  // SP rewrites the weights: what they were before training says nothing about them.
  PruningJob next = small_job("lottery", 20);
  const auto rewritten = run(small_job("sp", 50), two);
  REQUIRE(rewritten);
  next.request.mlp = rewritten->mlp;
  CHECK(next.request.mlp.initial.empty());
  CHECK_THROWS_AS(next.validate(), ConfigError);
}

TEST_CASE("a pruning that was stopped goes on to the same bytes") {
  for (const auto* method : {"sp", "magnitude", "lottery"}) {
    CAPTURE(method);
    PruningJob job = small_job(method, 40);
    job.request.rounds = 2;
    const test::TemporaryFolder whole, broken;
    const auto wanted = run(job, whole);
    REQUIRE(wanted);
    int stops = 0;
    std::optional<sgd::Pruned> found;
    while (!found && stops < 20) {
      int events = 0;
      found = run(job, broken, [&](const Progress&) { return ++events < 3; });
      stops += found ? 0 : 1;
    }
    REQUIRE(found);
    CHECK(stops > 0);
    CHECK(found->mlp == wanted->mlp);
    for (const auto& round : wanted->rounds) {
      const std::string name = "round_0" + std::to_string(round.round) + ".mlp";
      CHECK(read_file(broken.path() / name) == read_file(whole.path() / name));
    }
  }
}

TEST_CASE("bad requests are refused before anything is trained") {
  for (const std::int64_t count : {0, -1, 100000})
    CHECK_THROWS_AS(small_job("magnitude", count).validate(), ConfigError);
  CHECK_THROWS_AS(small_job("wish", 10).validate(), ConfigError);
  PruningJob none = small_job("wanda", 10);
  none.request.count.reset();
  CHECK_THROWS_AS(none.validate(), ConfigError);
  const test::TemporaryFolder folder;
  CHECK_THROWS_AS(run(small_job("random", 2), folder), ConfigError);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE(
    "a random control is drawn again until it reaches the outputs, with the counts of what it is like") {
  int first_draws_cut_off = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    const PruningJob job = chain_job(seed);
    const auto first =
        sgd::keep_random_per_layer(job.request.mlp.wiring, sgd::layer_counts(job.request.like), seed);
    first_draws_cut_off +=
        sgd::liveness(sgd::restrict_to(job.request.mlp, first).wiring).outputs_reached() == 0;
    const test::TemporaryFolder folder;
    const auto pruned = run(job, folder, [](const Progress&) { return true; });
    REQUIRE(pruned);
    CHECK(sgd::layer_counts(pruned->mlp.wiring) == sgd::layer_counts(job.request.like));
    CHECK(sgd::liveness(pruned->mlp.wiring).outputs == sgd::liveness(job.request.like).outputs);
  }
  CHECK(first_draws_cut_off > 4);
}
