#include <doctest/doctest.h>

#include <array>

#include "bridge/layerize.hpp"
#include "experiments/measures/cross_parts.hpp"
#include "experiments/measures/fractured_twins.hpp"
#include "experiments/targets/hand_built.hpp"

using namespace skein;
using namespace skein::experiments;

TEST_CASE(
    "a face's own steps fall into its parts, and its rotated twin touches more of a rival's parts than it") {
  const sgd::Mlp mlp = bridge::layerize(face().genome);
  const std::array networks{changes_of(subject_of(mlp), 64, 96, 0),
                            changes_of(subject_of(fractured_twin(mlp, Fracture::rotate, 1)), 64, 96, 0)};
  const auto own = clustered_parts(networks[0]);
  REQUIRE(own.has_value());
  CHECK_NOTHROW(own->validate());
  CHECK(own->count() >= 4);
  const auto values = cross_participation(networks, networks[0].picture);
  REQUIRE(values[0].has_value());
  REQUIRE(values[1].has_value());
  CHECK(*values[0] > 0);
  CHECK(*values[1] <= 1);
  CHECK(*values[0] < *values[1]);
}

TEST_CASE("a network without a visible step has no participation, and is no judge") {
  NetworkBuilder builder(picture_signature());
  const auto unit = builder.add_unit({Activation::relu, 1}, std::array{Edge{0, 0}});
  const Subject blank = subject_of(std::move(builder).finish({unit, unit, unit}), {1e-30f});
  const std::array networks{changes_of(subject_of(face().genome), 32, 20, 0), changes_of(blank, 32, 20, 0)};
  const auto values = cross_participation(networks, networks[0].picture);
  CHECK(values[0].has_value());
}
