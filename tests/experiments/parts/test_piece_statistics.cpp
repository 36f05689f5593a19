// Numbers of pieces, by hand.
#include "experiments/parts/piece_statistics.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace skein::experiments;

TEST_CASE("pieces are held against each other and against labels by the slots they share") {
  CHECK(jaccard({1, 1, 0, 0}, {0, 1, 1, 0}) == doctest::Approx(1.0 / 3));
  CHECK(jaccard({0, 0}, {0, 0}) == 1);
  CHECK(edge_f1({1, 1, 0, 0}, {2, 1, 2, MaskedNet::base}, 2) == doctest::Approx(0.5));
  CHECK(edge_f1({0, 0}, {1, 1}, 0) == 1);
}

TEST_CASE("what is not finite is left out of a mean, and a part alone is its own accuracy") {
  CHECK(mean_of_finite({1, no_number, 3}) == 2);
  CHECK(std::isnan(mean_of_finite({no_number})));
  CHECK(PartAccuracies{0.9, {0.25, 0.75}}.difference() == doctest::Approx(0.4));
  CHECK(PartAccuracies{0.9, {}}.difference() == 0.9);
}
