#include "experiments/statistics/rank_correlation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace skein::experiments;

TEST_CASE("equal values share the mean of their ranks") {
  CHECK(ranks_of(std::vector<double>{30, 10, 20, 10}) == std::vector<double>{4, 1.5, 3, 1.5});
  CHECK(ranks_of(std::vector<double>{}).empty());
}

TEST_CASE("the rank correlation knows order alone, with ties as worked out by hand") {
  const std::vector<double> rising{1, 2, 3, 4}, curved{-8, 0, 0.1, 1e9}, falling{4, 3, 2, 1};
  CHECK(rank_correlation(rising, curved) == doctest::Approx(1));
  CHECK(rank_correlation(rising, falling) == doctest::Approx(-1));
  // Ranks 1 2 3 4 against 1.5 1.5 3 4: 4.5 / sqrt(5 x 4.5).
  CHECK(rank_correlation(rising, std::vector<double>{5, 5, 6, 7}) == doctest::Approx(0.948683).epsilon(1e-6));
  CHECK(std::isnan(rank_correlation(rising, std::vector<double>{5, 5, 5, 5})));
}

TEST_CASE("NaN is ranked last, each for itself, and what is not finite has no correlation") {
  const double nan = std::nan("");
  CHECK(ranks_of(std::vector<double>{nan, 2, nan, 1}) == std::vector<double>{3, 2, 4, 1});
  CHECK(ranks_of(std::vector<double>{INFINITY, 2, INFINITY}) == std::vector<double>{2.5, 1, 2.5});
  const std::vector<double> rising{1, 2, 3, 4};
  CHECK(std::isnan(rank_correlation(rising, std::vector<double>{1, nan, 3, 4})));
  CHECK(std::isnan(rank_correlation(std::vector<double>{1, 2, 3, INFINITY}, rising)));
}
