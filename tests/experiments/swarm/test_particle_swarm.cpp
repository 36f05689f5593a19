// Swarms where the answer is known: quadratics, whose optimum in the hull is a point.
#include "experiments/swarm/particle_swarm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// -(x - optimum)' A (x - optimum), A diagonal of the condition given.
struct Quadratic {
  Coordinates optimum;
  double condition = 10;

  double at(const Coordinates& x) const {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      sum -= std::pow(condition, static_cast<double>(i) / static_cast<double>(x.size())) *
             std::pow(x[i] - optimum[i], 2);
    return sum;
  }
  BatchUtility utility() const {
    return [this](const std::vector<Coordinates>& places) {
      std::vector<double> utilities;
      for (const Coordinates& place : places) utilities.push_back(at(place));
      return utilities;
    };
  }
};

std::vector<Coordinates> random_places(std::size_t count, std::size_t dimensions, std::uint64_t seed) {
  RandomStream random(seed, "places of a test");
  std::vector<Coordinates> places(count, Coordinates(dimensions));
  for (Coordinates& place : places)
    for (double& value : place) value = random.normal();
  return places;
}

double best_of(const std::vector<Coordinates>& places, const Quadratic& quadratic) {
  double best = quadratic.at(places[0]);
  for (const Coordinates& place : places) best = std::max(best, quadratic.at(place));
  return best;
}

}  // namespace

TEST_CASE("the swarm by constriction reaches the optimum of quadratics, inside and outside of the networks") {
  for (const std::uint64_t seed : {0u, 1u, 2u, 3u, 4u})
    for (const double condition : {1.0, 1000.0}) {
      CAPTURE(seed);
      CAPTURE(condition);
      const auto experts = random_places(6, 5, seed);
      Quadratic quadratic{random_places(1, 5, 100 + seed)[0], condition};
      SwarmSettings settings = swarm_settings(SwarmRule::constriction, 300, seed);
      settings.patience = 0;
      const Optimum found = particle_swarm(swarm_starts(experts, 20, seed), quadratic.utility(), settings);
      CHECK(found.evaluations == 20 * 301);
      for (std::size_t i = 0; i < 5; ++i) CHECK(std::abs(found.best[i] - quadratic.optimum[i]) < 1e-5);
      CHECK(found.utility == quadratic.at(found.best));
    }
}

TEST_CASE(
    "the normalized rule betters its networks and then contracts: what is known of it, so that a change "
    "shows") {
  int better = 0, reached = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const auto experts = random_places(6, 5, seed);
    const Quadratic quadratic{Coordinates(5, 0.0)};
    SwarmSettings settings = swarm_settings(SwarmRule::normalized, 200, seed);
    settings.patience = 0;
    const Optimum found = particle_swarm(swarm_starts(experts, 20, seed), quadratic.utility(), settings);
    better += found.utility > best_of(experts, quadratic);
    reached += found.utility > -1e-6;
  }
  CHECK(better == 12);
  CHECK(reached == 0);
}

TEST_CASE("a swarm in one dimension reaches the optimum by either rule") {
  for (const SwarmRule rule : {SwarmRule::normalized, SwarmRule::constriction}) {
    const Quadratic quadratic{{0.37}};
    SwarmSettings settings = swarm_settings(rule, 200, 1);
    settings.patience = 0;
    const Optimum found = particle_swarm(swarm_starts({{-1.0}, {2.0}}, 20, 1), quadratic.utility(), settings);
    CHECK(std::abs(found.best[0] - 0.37) < 1e-2);
  }
}

TEST_CASE("starting points are the networks and points on the lines between them") {
  const std::vector<Coordinates> experts{{0, 0}, {1, 0}, {0, 1}};
  const auto starts = swarm_starts(experts, 30, 5);
  REQUIRE(starts.size() == 30);
  CHECK(std::vector<Coordinates>(starts.begin(), starts.begin() + 3) == experts);
  for (const Coordinates& start : starts) {
    const double third = 1 - start[0] - start[1];
    const bool on_edge = std::abs(start[0]) < 1e-12 || std::abs(start[1]) < 1e-12 || std::abs(third) < 1e-12;
    CHECK(on_edge);
    CHECK(start[0] >= 0);
    CHECK(start[1] >= 0);
    CHECK(third >= -1e-12);
  }
  CHECK(std::set<Coordinates>(starts.begin(), starts.end()).size() == 30);
  CHECK(swarm_starts(experts, 31, 5)[29] == starts[29]);
  CHECK_THROWS_AS(swarm_starts({{1.0}}, 5, 0), ConfigError);
  CHECK_THROWS_AS(swarm_starts(experts, 2, 0), ConfigError);
}

TEST_CASE("patience ends a swarm, restarts send a particle back, and what is not a number is the worst") {
  const auto experts = random_places(4, 3, 1);
  const BatchUtility flat = [](const std::vector<Coordinates>& places) {
    return std::vector<double>(places.size(), 0.5);
  };
  CHECK(particle_swarm(swarm_starts(experts, 8, 0), flat, swarm_settings(SwarmRule::normalized, 50, 0))
            .iterations == 10);
  // Nothing is as good as the starts: after the restart's patience every particle is back there, with no velocity. What
  // pulls it is its own best alone, where it stands then, so the batch after is the starts again.
  std::vector<std::vector<Coordinates>> batches;
  SwarmSettings settings = swarm_settings(SwarmRule::normalized, 3, 0);
  settings.restart_patience = 2;
  settings.step = 1;
  settings.best = settings.worst = 0;
  const auto starts = swarm_starts(experts, 8, 0);
  particle_swarm(
      starts,
      [&](const std::vector<Coordinates>& places) {
        batches.push_back(places);
        return std::vector<double>(places.size(), batches.size() == 1 ? 1.0 : 0.0);
      },
      settings);
  REQUIRE(batches.size() == 4);
  CHECK(batches[0] == starts);
  CHECK(batches[1] != starts);
  CHECK(batches[2] != starts);
  CHECK(batches[3] == starts);
  const Quadratic quadratic{{0, 0, 0}};
  const BatchUtility half_blind = [&](const std::vector<Coordinates>& places) {
    std::vector<double> utilities;
    for (const Coordinates& place : places)
      utilities.push_back(place[0] > 0 ? std::nan("") : quadratic.at(place));
    return utilities;
  };
  const Optimum found = particle_swarm(starts, half_blind, swarm_settings(SwarmRule::constriction, 60, 0));
  CHECK(std::isfinite(found.utility));
  CHECK(found.best[0] <= 0);
}

TEST_CASE("settings of a swarm that cannot be are refused") {
  CHECK_THROWS_AS(SwarmSettings{.inertia = -1}.validate(), ConfigError);
  CHECK_THROWS_AS(SwarmSettings{.step_decay = 0}.validate(), ConfigError);
  CHECK_THROWS_AS(SwarmSettings{.iterations = 0}.validate(), ConfigError);
  CHECK_THROWS_AS(SwarmSettings{.patience = -1}.validate(), ConfigError);
  CHECK_THROWS_AS(parse_swarm_rule("flock"), ConfigError);
  CHECK(parse_swarm_rule("constriction") == SwarmRule::constriction);
}
