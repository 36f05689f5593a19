// What networks are worth, where it is known.
#include "experiments/swarm/network_evaluator.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/parts/parts_target.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// The face with its parts, without the one outside.
SwarmTarget face_by_parts(PartsTarget& known) {
  known = load_parts({.target = "@face", .labels = {}, .regions = {}});
  return {known.pictures.whole, known.parts.regions, known.pictures.absent};
}

}  // namespace

TEST_CASE("a network that draws its target is worth most by every utility, one that is broken least") {
  PartsTarget known;
  const SwarmTarget target = face_by_parts(known);
  const Net face = load_net("@face");
  Weights broken = face.weights, off = face.weights;
  broken[0] = std::numeric_limits<float>::quiet_NaN();
  for (float& w : off) w *= 0.9f;
  for (const UtilityKind kind : {UtilityKind::loss, UtilityKind::parts}) {
    NetworkEvaluator evaluator(face.network, target, kind);
    const auto worth = evaluator.worth({face.weights, off, broken});
    CHECK(worth[0].loss < 1e-10);
    CHECK(worth[0].utility == doctest::Approx(kind == UtilityKind::parts ? 1 : 0));
    CHECK(worth[1].utility < worth[0].utility);
    CHECK(worth[2].utility == -std::numeric_limits<double>::infinity());
    CHECK(worth[2].loss == std::numeric_limits<double>::infinity());
  }
}

TEST_CASE("the harmonic mean falls to the least accuracy's share for one part that is missing") {
  PartsTarget known;
  const SwarmTarget target = face_by_parts(known);
  const double parts = static_cast<double>(target.lacking.size());
  REQUIRE(parts >= 4);
  for (std::size_t p = 0; p < target.lacking.size(); ++p) {
    const double value = parts_drawn(target.lacking[p], target);
    CHECK(value <= parts / (parts - 1 + 1 / least_accuracy) + 1e-9);
    CHECK(value >= least_accuracy - 1e-12);
  }
  CHECK(parts_drawn(target.picture, target) == doctest::Approx(1));
}

TEST_CASE("the score counts below the bar, the loss above it") {
  const Net face = load_net("@face");
  const SwarmTarget target{load_target("@face", 64).picture};
  Weights off = face.weights;
  for (float& w : off) w *= 0.5f;
  NetworkEvaluator evaluator(face.network, target, UtilityKind::score, 1e-3);
  const auto worth = evaluator.worth({face.weights, off});
  CHECK(worth[0].utility > 0.3);
  CHECK(worth[0].utility < 1);
  CHECK(worth[1].loss > 1e-3);
  CHECK(worth[1].utility == -worth[1].loss);
  CHECK_FALSE(evaluator.worth({face.weights}, [](const Progress&) { return false; }));
}

TEST_CASE("worths do not depend on threads or on the batch, and parts that are not known are refused") {
  const Net face = load_net("@face");
  const SwarmTarget target{load_target("@face", 32).picture};
  std::vector<Weights> networks(5, face.weights);
  for (std::size_t i = 0; i < networks.size(); ++i) networks[i][3] += static_cast<float>(i) * 0.1f;
  NetworkEvaluator evaluator(face.network, target, UtilityKind::loss);
  const auto many = evaluator.worth(networks);
  const ThreadLimit one(1);
  for (std::size_t i = 0; i < networks.size(); ++i)
    CHECK(evaluator.worth({networks[i]})[0].loss == many[i].loss);
  CHECK_THROWS_AS(NetworkEvaluator(face.network, target, UtilityKind::parts), ConfigError);
  CHECK(parse_utility("parts") == UtilityKind::parts);
  CHECK_THROWS_AS(parse_utility("beauty"), ConfigError);
}
