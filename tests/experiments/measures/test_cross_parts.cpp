#include <doctest/doctest.h>

#include <array>

#include "bridge/layerize.hpp"
#include "experiments/measures/cross_parts.hpp"
#include "experiments/measures/fractured_twins.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

TEST_CASE(
    "a face's own steps fall into its parts, and its rotated twin touches more of a rival's parts than it") {
  const sgd::Mlp mlp = bridge::layerize(face().genome);
  const std::array networks{change_maps_of(subject_of(mlp), 64, 96, 0),
                            change_maps_of(subject_of(fractured_twin(mlp, Fracture::rotate, 1)), 64, 96, 0)};
  const Picture picture = draw(Plan(subject_of(mlp).network), subject_of(mlp).weights, {64, 64});
  const auto own = clustered_parts(networks[0]);
  REQUIRE(own.has_value());
  CHECK_NOTHROW(own->validate());
  CHECK(own->count() >= 4);
  const auto values = cross_participation(networks, picture);
  REQUIRE(values[0].has_value());
  REQUIRE(values[1].has_value());
  CHECK(*values[0] > 0);
  CHECK(*values[1] <= 1);
  CHECK(*values[0] < *values[1]);
}

TEST_CASE("a network without a visible step has no participation, and is no judge") {
  NetworkBuilder builder(picture_signature());
  // Far below 0: white whatever a step does.
  const auto unit = builder.add_unit({Activation::identity, 1}, std::array{Edge{3, 0}});
  const Subject blank = subject_of(std::move(builder).finish({unit, unit, unit}), {-50.0f});
  const std::array networks{change_maps_of(subject_of(face().genome), 32, 20, 0),
                            change_maps_of(blank, 32, 20, 0)};
  CHECK(networks[1].maps.rows() == 0);
  const Subject drawn = subject_of(face().genome);
  const Picture picture = draw(Plan(drawn.network), drawn.weights, {32, 32});
  const auto values = cross_participation(networks, picture);
  // The picture's own regions are the only judge that is left.
  REQUIRE(values[0].has_value());
  CHECK(*values[0] == *relative_participation(networks[0], *regions_as_parts(picture, 32)));
  CHECK_FALSE(values[1].has_value());
}

TEST_CASE("a step that lies in one of four parts has a participation of 1, an even one of 4") {
  PartRegions quarters{4, 4, {"a", "b", "c", "d"}, std::vector<std::uint8_t>(16), {0, 0, 0, 0}};
  for (std::size_t p = 0; p < 16; ++p) quarters.owner[p] = static_cast<std::uint8_t>(p / 4);
  ChangeMaps changes{4, MapRows::Zero(1, 16)};
  changes.maps(0, 5) = 0.25f;
  CHECK(*relative_participation(changes, quarters) == doctest::Approx(0.25));
  changes.maps.setConstant(0.125f);
  CHECK(*relative_participation(changes, quarters) == doctest::Approx(1));
}

TEST_CASE("a stop asked for ends the drawing of maps") {
  CHECK_THROWS_AS(change_maps_of(subject_of(face().genome), 32, 20, 0, [] { return false; }), Error);
}
