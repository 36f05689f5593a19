#include "experiments/statistics/spread.hpp"

#include <doctest/doctest.h>

using namespace skein::experiments;

TEST_CASE("a spread is the mean, the sample deviation, the median and the range") {
  const Spread s = spread({4, 1, 2, 9});
  CHECK(s.count == 4);
  CHECK(s.mean == 4);
  CHECK(s.sd == doctest::Approx(3.559026));
  CHECK(s.median == 3);
  CHECK(s.low == 1);
  CHECK(s.high == 9);
  CHECK(spread({5, 1, 2}).median == 2);
}

TEST_CASE("one value has no deviation, none is null") {
  CHECK(spread({7}).sd == 0);
  CHECK(spread({7}).median == 7);
  CHECK(to_json(spread({7}))["n"] == 1);
  CHECK(to_json(spread({})).is_null());
}
