#include "lib/base/median.hpp"

#include <doctest/doctest.h>

#include <cmath>

TEST_CASE("the median is the middle value, the mean of the middle two, or not a number") {
  CHECK(skein::median({3, 1, 2}) == 2);
  CHECK(skein::median({4, 1, 2, 9}) == 3);
  CHECK(skein::median({7}) == 7);
  CHECK(std::isnan(skein::median({})));
}
