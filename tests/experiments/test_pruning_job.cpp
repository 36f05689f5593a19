#include "experiments/pruning_job.hpp"

#include <doctest/doctest.h>

#include "sgd/initial_weights.hpp"
#include "sgd/prune_random.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// A dense network of three layers, and a wiring of one weight per layer that reaches an output.
PruningJob chain_job(std::uint64_t seed) {
  PruningJob job;
  job.mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("3;sin:4"), picture_signature());
  job.mlp.weights = job.mlp.initial = sgd::initial_weights(job.mlp.wiring, {.seed = seed});
  job.like = job.mlp.wiring;
  for (auto& mask : job.like.masks)
    for (std::size_t i = 1; i < mask.size(); ++i) mask[i] = 0;
  job.method = "random-layers";
  job.count = job.like.weight_count();
  job.training.steps = 2;
  job.seed = seed;
  return job;
}

}  // namespace

TEST_CASE("a random control is drawn again until an output is reached, with the counts of what it is like") {
  int first_draws_cut_off = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    const PruningJob job = chain_job(seed);
    const auto first = sgd::keep_random_per_layer(job.mlp.wiring, sgd::layer_counts(job.like), seed);
    first_draws_cut_off += sgd::liveness(sgd::restrict_to(job.mlp, first).wiring).outputs_reached() == 0;
    const test::TemporaryFolder folder;
    const auto pruned = run_pruning(job, Picture(8, 8), folder.path(), [](const Progress&) { return true; });
    REQUIRE(pruned);
    CHECK(sgd::layer_counts(pruned->mlp.wiring) == sgd::layer_counts(job.like));
    CHECK(sgd::liveness(pruned->mlp.wiring).outputs_reached() > 0);
  }
  CHECK(first_draws_cut_off > 4);
}
