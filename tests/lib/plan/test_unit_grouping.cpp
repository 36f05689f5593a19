#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>

#include "lib/base/random.hpp"
#include "lib/kernels/kernels.hpp"
#include "lib/plan/structural_keys.hpp"
#include "lib/plan/unit_grouping.hpp"

using namespace skein;

namespace {

GroupCandidate unit_with(int unit, std::vector<std::uint32_t> terms, int kind = 0) {
  GroupCandidate c{.unit = unit, .kind = kind, .key = static_cast<std::uint64_t>(unit)};
  for (const std::uint32_t term : terms) c.alike += mixed(term);
  c.terms = std::move(terms);
  return c;
}

constexpr GroupCosts tried_costs{
    .narrow = 10, .wide = 12, .least_term = 2, .product = 1, .narrow_own = 1.5, .wide_own = 2};

}  // namespace

TEST_CASE("a term most of a group has is done for all of it, a rare one by its owner alone") {
  const auto groups = group_units(
      {unit_with(0, {1, 2, 3, 4}), unit_with(1, {1, 2, 3, 4}), unit_with(2, {1, 2, 4, 9})}, tried_costs);
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].units.size() == 3);
  CHECK(groups[0].terms == std::vector<std::uint32_t>{1, 2, 3, 4});
}

TEST_CASE("units of different kinds, or that must be alone, share no group") {
  auto alone = unit_with(2, {1, 2});
  alone.alone = true;
  const auto groups = group_units({unit_with(0, {1, 2}), unit_with(1, {1, 2}, 1), alone}, tried_costs);
  CHECK(groups.size() == 3);
}

TEST_CASE("no group is too wide, and none tried_costs more than its units alone") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "terms of units");
    std::vector<GroupCandidate> candidates;
    for (int u = 0; u < 40; ++u) {
      std::vector<std::uint32_t> terms;
      for (std::uint32_t t = 0; t < 30; ++t)
        if (random.uniform() < 0.1f + 0.02f * static_cast<float>(seed % 40)) terms.push_back(t);
      candidates.push_back(unit_with(u, terms, u / 15));
    }
    double apart = 0, together = 0;
    for (const GroupCandidate& c : candidates)
      apart += tried_costs.of_group(1) + tried_costs.of_common(1) * static_cast<double>(c.terms.size());
    std::size_t units = 0;
    for (const UnitGroup& group : group_units(candidates, tried_costs)) {
      REQUIRE(group.units.size() <= widest_group);
      units += group.units.size();
      together += tried_costs.of_group(group.units.size()) +
                  tried_costs.of_common(group.units.size()) * static_cast<double>(group.terms.size());
      for (const int u : group.units) {
        std::vector<std::uint32_t> own;
        std::ranges::set_difference(candidates[static_cast<std::size_t>(u)].terms, group.terms,
                                    std::back_inserter(own));
        together += tried_costs.of_own(group.units.size()) * static_cast<double>(own.size());
      }
    }
    CHECK(units == candidates.size());
    CHECK(together <= apart + 1e-6);
  }
}
