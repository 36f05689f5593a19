// Overlap of maps on directions whose answer is known: orthogonal, equal, random in so many dimensions; Welch's bound.
#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "experiments/landscape/interference.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "sgd/mlp/initial_weights.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// Waves: orthogonal to one another and to constants.
Eigen::MatrixXd waves(int samples, int count) {
  Eigen::MatrixXd maps(samples, count);
  for (int m = 0; m < count; ++m)
    for (int s = 0; s < samples; ++s)
      maps(s, m) = 3 + std::cos(std::numbers::pi * (s + 0.5) * (m + 1) / samples);
  return maps;
}

/// Random mixtures of the same orthogonal maps: directions in `dimensions` dimensions.
Eigen::MatrixXd mixtures(int dimensions, int count, std::uint64_t seed) {
  RandomStream random(seed, "mixtures");
  Eigen::MatrixXd coefficients(dimensions, count);
  for (Eigen::Index i = 0; i < coefficients.size(); ++i) coefficients.data()[i] = random.normal();
  return waves(256, dimensions) * coefficients;
}

}  // namespace

TEST_CASE("maps overlap by nothing when orthogonal, wholly when equal, opposite or shifted by a constant") {
  const MapOverlap apart = overlap_of(waves(64, 6));
  CHECK(apart.maps == 6);
  CHECK(apart.mean < 1e-12);
  CHECK(apart.greatest < 1e-12);
  Eigen::MatrixXd equal = waves(64, 3);
  equal.col(1) = -2 * equal.col(0).array() + 5;
  equal.col(2).setConstant(4);  // left out
  const MapOverlap same = overlap_of(equal);
  CHECK(same.maps == 2);
  CHECK(same.mean == doctest::Approx(1));
  CHECK(overlap_of(Eigen::MatrixXd::Ones(8, 3)).maps == 0);
  CHECK(overlap_of(waves(64, 1)).mean == 0);
}

TEST_CASE("independent maps overlap as their dimension says") {
  for (const int dimensions : {4, 12, 40}) {
    CAPTURE(dimensions);
    std::vector<Eigen::MatrixXd> draws;
    for (std::uint64_t draw = 0; draw < 30; ++draw) draws.push_back(mixtures(dimensions, 12, draw));
    CHECK(effective_dimension(draws) == doctest::Approx(dimensions).epsilon(0.06));
    double mean = 0;
    for (const auto& maps : draws) mean += overlap_of(maps).mean / 30;
    // Exact in d dimensions: Gamma(d/2) / (sqrt(pi) Gamma((d+1)/2)), which sqrt(2 / (pi d)) approaches.
    const double exact = std::exp(std::lgamma(dimensions / 2.0) - std::lgamma((dimensions + 1) / 2.0)) /
                         std::sqrt(std::numbers::pi);
    CHECK(mean == doctest::Approx(exact).epsilon(0.05));
    CHECK(overlap_null(dimensions) == doctest::Approx(exact).epsilon(0.08));
  }
}

TEST_CASE("Welch's bound is met by directions that are as far apart as can be") {
  CHECK(welch_bound(3, 2) == doctest::Approx(0.5));      // a star of three lines in the plane
  CHECK(welch_bound(4, 3) == doctest::Approx(1.0 / 3));  // a tetrahedron's corners
  CHECK(welch_bound(2, 2) == 0);
  CHECK(welch_bound(5, 9) == 0);
  CHECK(welch_bound(6, 1) == doctest::Approx(1));
}

TEST_CASE("a layer of random weights overlaps by about its null, one of equal units wholly") {
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("2;gaussian:6,sin:6"), picture_signature());
  mlp.weights = sgd::initial_weights(mlp.wiring, {.seed = 77});
  const auto found = layer_interference(mlp, {.size = 16, .draws = 20, .seed = 1000});
  REQUIRE(found.size() == 2);
  CHECK(found[0].units.maps == 12);
  CHECK(found[0].units.mean > 0.5 * found[0].null);
  CHECK(found[0].units.mean < 2 * found[0].null);
  CHECK(found[0].dimension > 2);
  double mean = 0;
  for (std::uint64_t seed = 1000; seed < 1020; ++seed) {
    mlp.weights = sgd::initial_weights(mlp.wiring, {.seed = seed});
    mean += layer_interference(mlp, {.size = 16, .draws = 1})[1].units.mean / 20;
  }
  CHECK(found[1].draws == 20);
  CHECK(found[1].random == doctest::Approx(mean));
  mlp.weights = sgd::initial_weights(mlp.wiring, {.seed = 77});
  sgd::Mlp equal = mlp;
  for (std::size_t unit = 0; unit < 12; ++unit)
    for (std::size_t input = 0; input < 4; ++input)
      equal.weights[4 * unit + input] = mlp.weights[4 * (unit / 6 * 6) + input];
  CHECK(layer_interference(equal, {.size = 16, .draws = 2})[0].units.greatest == doctest::Approx(1));
}

TEST_CASE("a wide layer is compared with a narrow one by as many of its maps") {
  Eigen::MatrixXd pairs(4, 4);  // two pairs of equal maps, at right angles
  pairs.col(0) << 1, -1, 0, 0;
  pairs.col(1) = 3 * pairs.col(0);
  pairs.col(2) << 0, 0, 1, -1;
  pairs.col(3) = -pairs.col(2);
  const MapOverlap two = overlap_among(pairs, 2, 3000, 1);
  CHECK(two.maps == 2);
  CHECK(two.mean == doctest::Approx(1.0 / 3).epsilon(0.1));  // two of six pairs are equal
  CHECK(two.greatest == two.mean);
  const MapOverlap three = overlap_among(pairs, 3, 10, 1);
  CHECK(three.mean == doctest::Approx(1.0 / 3));
  CHECK(three.greatest == doctest::Approx(1));
  CHECK(overlap_among(pairs, 9, 10, 1).mean == doctest::Approx(overlap_of(pairs).mean));
  CHECK(overlap_among(pairs, 0, 10, 1).mean == 0);
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("2;gaussian:6,sin:6"), picture_signature());
  mlp.weights = sgd::initial_weights(mlp.wiring, {.seed = 77});
  CHECK(overlaps_among(mlp, {12, 12}, {.size = 16})[1].mean ==
        doctest::Approx(layer_interference(mlp, {.size = 16, .draws = 0})[1].units.mean));
  CHECK(overlaps_among(mlp, {3, 0}, {.size = 16})[0].maps == 3);
  CHECK_THROWS_AS(overlaps_among(mlp, {3}, {}), ConfigError);
}

TEST_CASE("units that read an input each do not overlap by chance, and one unit has no chance to") {
  // x, y and d: odd, odd and even, so that no weights make their maps overlap.
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("1;identity:3"), picture_signature());
  mlp.wiring.masks[0] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
  mlp.weights = sgd::initial_weights(mlp.wiring, {.seed = 5});
  const LayerInterference thin = layer_interference(mlp, {.size = 16, .seed = 100}).at(0);
  CHECK(thin.units.maps == 3);
  CHECK(thin.units.mean < 1e-9);
  CHECK(thin.draws == 10);
  CHECK(thin.random < 1e-9);
  CHECK(thin.null > 0.3);  // the formula, which is not for so thin a layer
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("1;sin:1"), picture_signature());
  mlp.weights = sgd::initial_weights(mlp.wiring, {.seed = 5});
  CHECK(layer_interference(mlp, {.size = 16}).at(0).draws == 0);
}

TEST_CASE("parts that two units tell apart lie at right angles or opposite") {
  // x and y as units; four quarters of the picture: directions (-,-), (+,-), (-,+), (+,+).
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("1;identity:2"), picture_signature());
  mlp.weights.assign(static_cast<std::size_t>(mlp.wiring.weight_count()), 0.0f);
  mlp.weights[0] = 1;  // first unit <- x
  mlp.weights[5] = 1;  // second unit <- y
  PartRegions regions;
  regions.width = regions.height = 8;
  regions.names = {"a", "b", "c", "d"};
  regions.mirrored = {0, 0, 0, 0};
  for (int r = 0; r < 8; ++r)
    for (int c = 0; c < 8; ++c) regions.owner.push_back(static_cast<std::uint8_t>(2 * (r / 4) + c / 4));
  const auto found = part_directions(mlp, regions);
  REQUIRE(found.size() == 1);
  CHECK(found[0].parts == 4);
  CHECK(found[0].rank == 2);
  CHECK(found[0].greatest == doctest::Approx(1));  // opposite corners are one line
  CHECK(found[0].bound == doctest::Approx(welch_bound(4, 2)));
  CHECK(found[0].greatest >= found[0].bound);
}
