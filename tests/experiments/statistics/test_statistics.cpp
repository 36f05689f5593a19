#include "experiments/statistics/statistics.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "lib/base/random.hpp"

using namespace skein;
using namespace skein::experiments;

TEST_CASE("intervals are Student's") {
  const double values[] = {1, 2, 3};
  const Interval mean = student_interval(values), next = student_interval(values, true);
  CHECK(mean.mean == doctest::Approx(2));
  CHECK(mean.high == doctest::Approx(2 + 4.3026527 / std::sqrt(3.0)));
  CHECK(next.low == doctest::Approx(2 - 4.3026527 * std::sqrt(1 + 1 / 3.0)));
  const double alone[] = {7};
  CHECK(student_interval(alone).low == 7);
  CHECK(student_interval(alone).high == 7);
}

TEST_CASE("quantiles of t are right below, at and beyond the thirty degrees of printed tables") {
  const std::pair<std::size_t, double> known[] = {{1, 12.7062},  {2, 4.30265},  {10, 2.22814},  {30, 2.04227},
                                                  {31, 2.03951}, {60, 2.00030}, {1000, 1.96234}};
  for (const auto& [degrees, quantile] : known) {
    CAPTURE(degrees);
    CHECK(student_t975(degrees) == doctest::Approx(quantile).epsilon(2e-6));
  }
}

TEST_CASE("p values of t agree with its quantiles for odd and even degrees of freedom") {
  for (std::size_t degrees = 1; degrees <= 120; ++degrees) {
    CAPTURE(degrees);
    CHECK(student_p(student_t975(degrees), degrees) == doctest::Approx(0.05).epsilon(1e-9));
    CHECK(student_p(-student_t975(degrees), degrees) == student_p(student_t975(degrees), degrees));
    CHECK(student_p(0, degrees) == doctest::Approx(1));
  }
  CHECK(student_p(63.657, 1) == doctest::Approx(0.01).epsilon(0.001));
  CHECK(student_p(3.169, 10) == doctest::Approx(0.01).epsilon(0.001));
}

TEST_CASE("the paired t test knows differences that are all alike, and too few") {
  CHECK(paired_t_p(std::array{0.3, 0.3, 0.3}) == 0);
  CHECK(paired_t_p(std::array{0.0, 0.0}) == 1);
  CHECK(paired_t_p(std::array{0.7}) == 1);
  // mean 2, deviation 1: t = 2 sqrt(3) with two degrees of freedom.
  CHECK(paired_t_p(std::array{1.0, 2.0, 3.0}) == doctest::Approx(0.0742).epsilon(0.001));
}

TEST_CASE("the sign-flip test counts sign patterns, and its least p is that of differences of one sign") {
  CHECK(sign_flip_p(std::array{1.0, 2.0, 3.0}) == 0.25);
  CHECK(least_sign_flip_p(3) == 0.25);
  CHECK(sign_flip_p(std::array{1.0, 2.0, -3.0}) == 1);
  CHECK(sign_flip_p(std::array{3.0, 2.0, -1.0}) == 0.5);  // 6, 4, and their mirrors, of eight
  CHECK(sign_flip_p(std::vector<double>(24, 1.0)) == least_sign_flip_p(24));
  std::vector<double> many(40, 1.0);
  CHECK(sign_flip_p(many) == doctest::Approx(1e-5).epsilon(0.01));
  for (std::size_t i = 0; i < many.size(); i += 2) many[i] = -1.0;
  CHECK(sign_flip_p(many) == doctest::Approx(1).epsilon(0.01));
}

TEST_CASE("the sign-flip test by halves counts as the plain one does") {
  RandomStream random(3, "differences");
  for (std::size_t n = 1; n <= 13; ++n)
    for (int repeat = 0; repeat < 8; ++repeat) {
      std::vector<double> values;
      // Whole numbers make ties, which count as equally far.
      for (std::size_t i = 0; i < n; ++i) values.push_back(std::floor(random.uniform(-4, 6)));
      double observed = 0;
      for (const double v : values) observed += v;
      int as_far = 0;
      for (unsigned pattern = 0; pattern < (1u << n); ++pattern) {
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += (pattern >> i) & 1 ? values[i] : -values[i];
        as_far += std::abs(sum) >= std::abs(observed);
      }
      CAPTURE(n);
      CHECK(sign_flip_p(values) == as_far / static_cast<double>(1u << n));
    }
}

TEST_CASE("Holm's correction multiplies the least by all, the next by one fewer, and never falls") {
  const auto corrected = holm(std::array{0.04, 0.01, 0.03, 0.5});
  CHECK(corrected[1] == doctest::Approx(0.04));
  CHECK(corrected[2] == doctest::Approx(0.09));
  CHECK(corrected[0] == doctest::Approx(0.09));
  CHECK(corrected[3] == doctest::Approx(0.5));
  CHECK(holm(std::array{0.9, 0.9}) == std::vector<double>{1.0, 1.0});
  CHECK(holm({}).empty());
}
