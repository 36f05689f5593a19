#include "experiments/changes/effective_number.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace skein::experiments;

TEST_CASE("the effective number of shares") {
  CHECK(effective_number(std::vector<double>{}) == 0);
  CHECK(effective_number(std::vector<double>{0, 0}) == 0);
  CHECK(effective_number(std::vector<double>{7}) == doctest::Approx(1));
  CHECK(effective_number(std::vector<double>{2, 2, 2, 2}) == doctest::Approx(4));
  CHECK(effective_number(std::vector<double>{5, 0, 5}) == doctest::Approx(2));
  CHECK(effective_number(std::vector<double>{3, -8, 3}) == doctest::Approx(2));  // below 0 is none
  // exp of the entropy of 3/4 and 1/4: 4 / 3^(3/4).
  CHECK(effective_number(std::vector<float>{3, 1}) == doctest::Approx(4 / std::pow(3, 0.75)));
}
