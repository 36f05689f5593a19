#include "experiments/measures/wiring_measures.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "bridge/layerize.hpp"
#include "sgd/twins/twins.hpp"
#include "tests/support/random_genome.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

double value(const std::vector<RowMeasure>& measures, const std::string& name) {
  const auto found = std::ranges::find(measures, name, &RowMeasure::name);
  REQUIRE(found != measures.end());
  return found->value;
}

}  // namespace

TEST_CASE("a comparison's rows tell how alike a wiring is to the evolved one") {
  const sgd::Mlp evolved = bridge::layerize(
      test::random_genome(12, {.most_hidden = 20, .greyscale_too = false, .oddities = false}));
  const auto same = wiring_measures(sgd::permute_units(evolved, 1), &evolved, 0);
  CHECK(value(same, "edge_f1") == 1);
  CHECK(value(same, "edge_f1_chance") < 1);
  CHECK(value(same, "units_alive") > 0);
  const auto rotated = wiring_measures(sgd::rotate_layer(evolved, 1, 1), &evolved, 0);
  CHECK(value(rotated, "edge_f1") < 1);
  CHECK(value(rotated, "depth_used") > value(same, "depth_used"));
  CHECK(wiring_measures(evolved, nullptr, 0).size() == 2);
}
