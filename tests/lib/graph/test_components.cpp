#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/graph/components.hpp"

using namespace skein;

TEST_CASE("components are numbered by their first node, whichever way the edges run") {
  const auto component = connected_components({.nodes = 6, .edges = {{4, 1}, {5, 3}, {1, 2}}});
  CHECK(component == std::vector<std::uint32_t>{0, 1, 1, 2, 1, 2});
  CHECK(connected_components({}).empty());
  CHECK_THROWS_AS(connected_components({.nodes = 2, .edges = {{0, 2}}}), ConfigError);
}
