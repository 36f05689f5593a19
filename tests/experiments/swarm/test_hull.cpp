// The affine hull of networks: its coordinates, and what lies in it.
#include "experiments/swarm/hull.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "experiments/swarm/particle_swarm.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

std::vector<Weights> some_experts(std::size_t count, std::size_t weights, std::uint64_t seed, double apart) {
  RandomStream random(seed, "experts of a test");
  Weights parent(weights);
  for (float& w : parent) w = static_cast<float>(random.normal());
  std::vector<Weights> experts(count, parent);
  for (Weights& expert : experts)
    for (float& w : expert) w += static_cast<float>(apart * random.normal());
  return experts;
}

}  // namespace

TEST_CASE("the hull's coordinates give each network back and have mean 0 and variance 1") {
  for (const std::size_t count : {2u, 3u, 6u, 12u}) {
    const auto experts = some_experts(count, 200, count, 0.1);
    const Hull hull(experts);
    REQUIRE(hull.dimensions() == count - 1);
    for (std::size_t e = 0; e < count; ++e) {
      const Weights back = hull.at(hull.experts()[e]);
      for (std::size_t w = 0; w < back.size(); ++w)
        CHECK(back[w] == doctest::Approx(static_cast<double>(experts[e][w])).epsilon(1e-5));
    }
    for (std::size_t k = 0; k < hull.dimensions(); ++k) {
      double sum = 0, square = 0;
      for (const Coordinates& expert : hull.experts()) sum += expert[k], square += expert[k] * expert[k];
      CHECK(std::abs(sum) < 1e-9);
      CHECK(square / static_cast<double>(count - 1) == doctest::Approx(1));
    }
  }
}

TEST_CASE("what lies in the hull has no residual, what lies outside has its distance") {
  const auto experts = some_experts(5, 300, 3, 0.2);
  const Hull hull(experts);
  RandomStream random(1, "places of a test");
  for (int i = 0; i < 50; ++i) {
    Coordinates place(hull.dimensions());
    for (double& value : place) value = random.uniform(-3, 3);
    CHECK(hull.residual(hull.at(place)) < 1e-6);
  }
  for (const Weights& expert : experts) CHECK(hull.residual(expert) < 1e-6);
  Weights outside = hull.at(Coordinates(hull.dimensions(), 0.3));
  double length = 0;
  for (const float w : outside) length += static_cast<double>(w) * static_cast<double>(w);
  outside[7] += static_cast<float>(0.1 * std::sqrt(length));
  CHECK(hull.residual(outside) > 0.08);
}

TEST_CASE("a network that lies between others adds no dimension") {
  auto experts = some_experts(3, 50, 4, 1);
  Weights middle(50);
  for (std::size_t w = 0; w < 50; ++w) middle[w] = (experts[0][w] + experts[1][w]) / 2;
  experts.push_back(middle);
  CHECK(Hull(experts).dimensions() == 2);
}

TEST_CASE("there is no hull of one network, of copies, of other lengths or of numbers that are none") {
  auto experts = some_experts(2, 20, 5, 1);
  CHECK_THROWS_AS(Hull({experts[0]}), ConfigError);
  CHECK_THROWS_AS(Hull({experts[0], experts[0], experts[0]}), ConfigError);
  CHECK_THROWS_AS(Hull({experts[0], Weights(19, 1)}), ConfigError);
  experts[1][3] = std::numeric_limits<float>::infinity();
  CHECK_THROWS_AS(Hull{experts}, ConfigError);
}

TEST_CASE(
    "a swarm that moves in weight space itself never leaves the hull, and takes the way of one in its "
    "coordinates") {
  // The rule with one random number a particle does not depend on coordinates, so both give the same points.
  const auto experts = some_experts(6, 80, 6, 0.3);
  const Hull hull(experts);
  std::vector<Coordinates> as_points;
  for (const Weights& expert : experts) as_points.emplace_back(expert.begin(), expert.end());
  const auto worth = [&](std::span<const float> weights) {
    double sum = 0;
    for (std::size_t w = 0; w < weights.size(); ++w)
      sum -= std::pow(static_cast<double>(weights[w]) - 0.1 * static_cast<double>(w % 7), 2);
    return sum;
  };
  std::vector<Weights> in_space, in_coordinates;
  const BatchUtility by_space = [&](const std::vector<Coordinates>& places) {
    std::vector<double> utilities;
    for (const Coordinates& place : places) {
      in_space.emplace_back(place.begin(), place.end());
      utilities.push_back(worth(in_space.back()));
    }
    return utilities;
  };
  const BatchUtility by_hull = [&](const std::vector<Coordinates>& places) {
    std::vector<double> utilities;
    for (const Coordinates& place : places) {
      in_coordinates.push_back(hull.at(place));
      utilities.push_back(worth(in_coordinates.back()));
    }
    return utilities;
  };
  const SwarmSettings settings = swarm_settings(SwarmRule::normalized, 12, 3);
  particle_swarm(swarm_starts(as_points, 10, 3), by_space, settings);
  particle_swarm(swarm_starts(hull.experts(), 10, 3), by_hull, settings);
  REQUIRE(in_space.size() == in_coordinates.size());
  REQUIRE(in_space.size() > 50);
  for (std::size_t i = 0; i < in_space.size(); ++i) {
    CAPTURE(i);
    CHECK(hull.residual(in_space[i]) < 1e-6);
    double apart = 0;
    for (std::size_t w = 0; w < 80; ++w)
      apart = std::max(
          apart, std::abs(static_cast<double>(in_space[i][w]) - static_cast<double>(in_coordinates[i][w])));
    CHECK(apart < 1e-4);
  }
}
