#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lib/base/error.hpp"
#include "lib/network/oracle.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/prune/methods.hpp"
#include "tests/support/random_network.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

constexpr int width = 12, height = 9;

/// A network whose trained weights say nothing of its initial ones.
PruneRequest small_snip(std::uint64_t seed) {
  PruneRequest request;
  Mlp& mlp = request.mlp;
  mlp.wiring = dense_wiring(parse_architecture("2;gaussian:3,tanh:3"), picture_signature());
  mlp.initial = initial_weights(mlp.wiring, {.seed = seed});
  mlp.weights = initial_weights(mlp.wiring, {.seed = seed + 100});
  request.target = test::random_picture(width, height, seed);
  return request;
}

/// What the method keeps, in the places of the whole network; checks that training begins from the initial weights.
KeepMask kept_by_snip(const PruneRequest& request) {
  int trainings = 0;
  const Retrain once = [&](const Retraining& asked) {
    ++trainings;
    CHECK(asked.rounds == 1);
    CHECK(asked.first_step == 0);
    CHECK(asked.mlp.weights == asked.mlp.initial);
    return Trained{asked.mlp, 0.5, 0.4, 10};
  };
  const Pruned pruned = prune_method("snip").prune(request, once, {});
  CHECK(trainings == 1);
  REQUIRE(pruned.rounds.size() == 1);
  CHECK(pruned.rounds[0].nonzero == *request.count);
  KeepMask keep;
  for (const auto& mask : pruned.mlp.wiring.masks) keep.insert(keep.end(), mask.begin(), mask.end());
  Weights initial;
  for (std::size_t i = 0; i < keep.size(); ++i)
    if (keep[i] != 0) initial.push_back(request.mlp.initial[i]);
  CHECK(pruned.mlp.weights == initial);
  return keep;
}

/// By how much the exact loss moves when a gate on one weight opens: a central difference of the loss by the gate.
std::vector<double> gate_slopes(const Network& network, const Weights& weights, const Picture& target) {
  const double step = 1e-5;
  const Grid grid{width, height};
  std::vector<double> at(weights.begin(), weights.end()), slopes;
  for (double& w : at) {
    const double whole = w;
    w = whole * (1 + step);
    const double above = oracle_picture_loss(network, at, grid, target);
    w = whole * (1 - step);
    slopes.push_back(std::abs(above - oracle_picture_loss(network, at, grid, target)) / (2 * step));
    w = whole;
  }
  return slopes;
}

/// The count between a third and two thirds after which the next lower score is furthest below, so that rounding decides
/// nothing.
std::int64_t clearest_cut(std::vector<double> scores) {
  std::ranges::sort(scores, std::greater<>());
  std::size_t best = scores.size() / 3;
  for (std::size_t c = best; c < 2 * scores.size() / 3; ++c)
    if (scores[c - 1] / scores[c] > scores[best - 1] / scores[best]) best = c;
  REQUIRE(scores[best - 1] / scores[best] > 1.02);
  return static_cast<std::int64_t>(best);
}

}  // namespace

TEST_CASE("SNIP keeps the initial weights whose gates move the exact loss most, and trains from them") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    PruneRequest request = small_snip(seed);
    const Network network = lower(request.mlp.wiring).network;
    const auto slopes = gate_slopes(network, request.mlp.initial, std::get<Picture>(request.target.target));
    request.count = clearest_cut(slopes);
    const KeepMask keep = kept_by_snip(request);
    CHECK(keep == keep_highest(slopes, *request.count));
    const auto trained = gate_slopes(network, request.mlp.weights, std::get<Picture>(request.target.target));
    CHECK(keep != keep_highest(trained, *request.count));
  }
}

TEST_CASE("SNIP in rounds takes the gradient anew, and needs initial weights") {
  PruneRequest request = small_snip(3);
  request.count = request.mlp.wiring.weight_count() / 3;
  const KeepMask at_once = kept_by_snip(request);
  request.rounds = 10;
  const KeepMask in_rounds = kept_by_snip(request);
  CHECK(at_once != in_rounds);
  CHECK_NOTHROW(validate(prune_method("snip"), request));
  request.mlp.initial.clear();
  CHECK_THROWS_AS(validate(prune_method("snip"), request), ConfigError);  // before anything is begun
  CHECK_THROWS_WITH_AS(prune_method("snip").prune(request, {}, {}),
                       doctest::Contains("snip needs a network that carries its initial weights"),
                       ConfigError);
}
