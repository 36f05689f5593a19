// Rows of a target with labels are measured by its parts, whatever network they hold.
#include "experiments/rows/row_measures.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "experiments/rows/compare_row.hpp"
#include "sgd/twins/twins.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

double participation_of(const sgd::Mlp& mlp, const PictureParts* parts) {
  CompareRow row;
  row.measures = measures_of_row(net_of(mlp, "row", NetSource::run), nullptr, parts, "quick", 0, {});
  return row.measure("participation")->value;
}

}  // namespace

TEST_CASE("a row's participation is of its target's parts: one for the face, several for its rotated twin") {
  TargetShelf targets(64, 64);
  const RowTarget& face = targets.at(targets.add("@face", ""));
  const auto parts = parts_of_target(face);
  REQUIRE(parts.has_value());
  sgd::Mlp rotated = *face.evolved;
  for (int layer = face.evolved->wiring.depth() - 1; layer >= 0; --layer)  // each adds layers above itself
    rotated = sgd::rotate_layer(rotated, layer, 3);
  const double own = participation_of(*face.evolved, &*parts);
  CHECK(own < 1.2);
  CHECK(participation_of(rotated, &*parts) > 1.5 * own);
  CHECK(std::isnan(participation_of(*face.evolved, nullptr)));
}

TEST_CASE("a target without labels has no parts") {
  TargetShelf targets(32, 32);
  CHECK_FALSE(parts_of_target(targets.at(targets.add("@car", ""))).has_value());
  CHECK_FALSE(parts_of_target(targets.at(targets.add("@duck", ""))).has_value());
}
