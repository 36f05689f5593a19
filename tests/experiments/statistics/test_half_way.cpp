// The dose at which half succeed: known crossings, pooling, what lies beyond the doses, and how often the interval holds.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "experiments/statistics/half_way.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

using namespace skein;
using namespace skein::experiments;

TEST_CASE("half way lies between the doses on a logarithmic scale") {
  const std::vector<DoseGroup> groups{{.1, 10, 10}, {.4, 0, 10}};
  CHECK(half_way(groups).value == doctest::Approx(.2));
  const std::vector<DoseGroup> skewed{{.4, 1, 4}, {.1, 3, 4}};  // in any order
  CHECK(half_way(skewed).value == doctest::Approx(.2));
  const std::vector<DoseGroup> exact{{.1, 4, 4}, {.2, 2, 4}, {.3, 0, 4}};
  CHECK(half_way(exact).value == doctest::Approx(.2));
}

TEST_CASE("half way pools shares that rise with the dose") {
  // 2 of 4 and 4 of 4 become 3 of 4 each; the crossing is between .2 and .4.
  const std::vector<DoseGroup> rising{{.1, 2, 4}, {.2, 4, 4}, {.4, 0, 4}};
  CHECK(half_way(rising).value == doctest::Approx(.2 * std::pow(2, .25 / .75)));
}

TEST_CASE("half way says when it lies beyond the doses given") {
  const std::vector<DoseGroup> never{{.1, 0, 20}, {.2, 0, 20}}, always{{.1, 20, 20}, {.2, 20, 20}};
  CHECK(half_way(never).value == 0);
  CHECK(half_way(never).low == 0);
  CHECK(half_way(never).high == .1);  // the least dose, not 0
  CHECK(std::isinf(half_way(always).value));
  CHECK(half_way(always).low == .2);  // the greatest dose, not infinity
  CHECK(std::isinf(half_way(always).high));
  CHECK(half_way(never, 0, 0).high == .1);
  CHECK(half_way(always, 0, 0).low == .2);
  const std::vector<DoseGroup> none{{.1, 0, 0}};
  CHECK(std::isinf(half_way(none).high));
  CHECK_THROWS_AS(half_way(std::vector<DoseGroup>{{0, 1, 2}}), ConfigError);
  CHECK_THROWS_AS(half_way(std::vector<DoseGroup>{{1, 3, 2}}), ConfigError);
}

TEST_CASE("half way's interval holds the truth about as often as it says") {
  // Success by a logistic curve over the logarithm of the dose with its middle at .2.
  const std::vector<double> doses{.05, .08, .125, .2, .32, .5, .8};
  int held = 0;
  constexpr int rounds = 200;
  for (int round = 0; round < rounds; ++round) {
    RandomStream random(7, "dose test", static_cast<std::uint64_t>(round));
    std::vector<DoseGroup> groups;
    for (const double dose : doses) {
      groups.push_back({dose, 0, 20});
      for (int t = 0; t < 20; ++t)
        groups.back().hits += random.chance(1 / (1 + std::pow(dose / .2, 3))) ? 1 : 0;
    }
    const HalfWay found = half_way(groups, 1, 200);
    held += found.low <= .2 && .2 <= found.high ? 1 : 0;
    CHECK(found.low <= found.value);
    CHECK(found.value <= found.high);
  }
  CHECK(held >= 0.9 * rounds);
}
