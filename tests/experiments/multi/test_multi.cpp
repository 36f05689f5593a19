// Several pictures in one network: what is shared, what is counted, and what ablation says where it is known.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "experiments/multi/multi_report.hpp"
#include "experiments/multi/several_pictures.hpp"
#include "experiments/multi/sharing.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/engine/engine.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "tests/support/random_network.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

constexpr int side = 12;

/// Two gaussian units, of x and of y; brightness reads them with these weights.
sgd::Mlp two_units(float of_x, float of_y) {
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("1;gaussian:2"), picture_signature());
  mlp.weights = {2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, of_x, of_y};
  return mlp;
}

Picture drawn(const sgd::Mlp& mlp) {
  return draw(Plan(sgd::lower(mlp.wiring).network), mlp.weights, Grid{side, side});
}

sgd::TrainSettings quick(std::int64_t steps = 30) {
  sgd::TrainSettings settings;
  settings.steps = steps;
  settings.seed = 7;
  return settings;
}

/// The slots in which two networks of one wiring differ.
std::vector<std::size_t> differing(const sgd::Mlp& a, const sgd::Mlp& b) {
  REQUIRE(a.wiring == b.wiring);
  std::vector<std::size_t> slots;
  for (std::size_t s = 0; s < a.weights.size(); ++s)
    if (a.weights[s] != b.weights[s]) slots.push_back(s);
  return slots;
}

MultiRow row_of(MultiKind kind, std::uint64_t seed, std::vector<double> losses) {
  MultiRow row;
  row.key = {kind, 0, seed};
  row.losses = std::move(losses);
  return row;
}

}  // namespace

TEST_CASE("units that each serve one picture are not shared, and a picture falls with its own") {
  const std::vector<sgd::Mlp> networks{two_units(0.5f, 0), two_units(0, 0.5f)};
  const std::vector<Picture> pictures{drawn(networks[0]), drawn(networks[1])};
  const UnitUse use = unit_use(networks, pictures);
  REQUIRE(use.units() == 2);
  CHECK(use.rises[0] > 0.5);
  CHECK(use.rises[1] == doctest::Approx(0));
  CHECK(use.rises[2] == doctest::Approx(0));
  CHECK(use.rises[3] > 0.5);
  const Sharing sharing = sharing_of(use);
  CHECK(sharing.needed == 2);
  CHECK(sharing.shared == 0);
  CHECK(sharing.by_chance == doctest::Approx(1.0 / 3));  // each needs half of the units
  CHECK(sharing.pictures_a_unit == doctest::Approx(1));
  CHECK(ablation_difference(networks, pictures, use) < -0.5);
}

TEST_CASE("units that serve both pictures alike are shared, and both fall together") {
  const std::vector<sgd::Mlp> networks{two_units(0.5f, 0), two_units(0.5f, 0)};
  const std::vector<Picture> pictures{drawn(networks[0]), drawn(networks[1])};
  const UnitUse use = unit_use(networks, pictures);
  const Sharing sharing = sharing_of(use);
  CHECK(sharing.units == 2);
  CHECK(sharing.needed == 1);
  CHECK(sharing.shared == 1);
  CHECK(sharing.pictures_a_unit == doctest::Approx(2));
  CHECK(ablation_difference(networks, pictures, use) == doctest::Approx(0));
  CHECK_THROWS_AS(unit_use(networks, {pictures[0]}), ConfigError);
  CHECK_THROWS_AS(unit_use(networks, {pictures[0], Picture(side, side)}), ConfigError);
}

TEST_CASE("heads share all but the last layer, codes all but the first layer's constants, others nothing") {
  const sgd::Architecture architecture = sgd::parse_architecture("2;gaussian:4,sin:3");
  const std::vector<Picture> pictures{test::random_picture(8, 8, 1), test::random_picture(8, 8, 2),
                                      test::random_picture(8, 8, 3)};
  constexpr int width = 7, whole = 4 * width + width * width + 3 * width;
  const auto heads = draw_several(MultiKind::heads, architecture, pictures, quick());
  REQUIRE(heads);
  CHECK(heads->numbers == whole + 2 * 3 * width);
  CHECK(heads->weights_each == whole);
  for (const std::size_t slot : differing(heads->networks[0], heads->networks[2]))
    CHECK(slot >= static_cast<std::size_t>(whole - 3 * width));
  CHECK(differing(heads->networks[0], heads->networks[2]).size() == 3 * width);
  const auto coded = draw_several(MultiKind::coded, architecture, pictures, quick());
  REQUIRE(coded);
  CHECK(coded->numbers == whole + 3 * width);
  const auto codes = differing(coded->networks[0], coded->networks[1]);
  CHECK(codes.size() == width);
  for (const std::size_t slot : codes) {
    CHECK(slot < 4 * width);
    CHECK(slot % 4 == 3);
  }
  const auto each = draw_several(MultiKind::separate_each, architecture, pictures, quick());
  REQUIRE(each);
  CHECK(each->numbers == 3 * whole);
  const auto total = draw_several(MultiKind::separate_total, architecture, pictures, quick());
  REQUIRE(total);
  CHECK(total->numbers < each->numbers);
  CHECK(std::abs(static_cast<double>(total->numbers - heads->numbers)) <
        0.25 * static_cast<double>(heads->numbers));
  CHECK(draw_several(MultiKind::coded, architecture, pictures, quick())->networks == coded->networks);
  CHECK_THROWS_AS(draw_several(MultiKind::heads, architecture, {pictures[0]}, quick()), ConfigError);
}

TEST_CASE("no picture's code starts as what all share") {
  const sgd::Architecture architecture = sgd::parse_architecture("1;gaussian:4,sin:3");
  const std::vector<Picture> pictures{test::random_picture(8, 8, 1), test::random_picture(8, 8, 2),
                                      test::random_picture(8, 8, 3)};
  const auto coded = draw_several(MultiKind::coded, architecture, pictures, quick(1));
  REQUIRE(coded);
  const sgd::Wiring& wiring = coded->networks[0].wiring;
  const auto drawn_by = [&](std::uint64_t seed) { return sgd::initial_weights(wiring, {.seed = seed}); };
  const Weights shared = drawn_by(7);
  for (std::size_t k = 0; k < pictures.size(); ++k) {
    CAPTURE(k);
    const Weights own = drawn_by(RandomStream(7, "weights of picture", k + 1).bits64());
    for (std::size_t slot = 3; slot < 4 * 7; slot += 4)
      CHECK(coded->networks[k].weights[slot] == doctest::Approx(shared[slot] + own[slot]));
  }
}

TEST_CASE("one head more does not hinder: two heads on one picture draw it as one network does") {
  const sgd::Architecture architecture = sgd::parse_architecture("2;gaussian:4,sin:3");
  const Picture picture = drawn(two_units(0.4f, 0.3f));
  const auto heads = draw_several(MultiKind::heads, architecture, {picture, picture}, quick(1500));
  const auto each = draw_several(MultiKind::separate_each, architecture, {picture, picture}, quick(1500));
  const double plain = mean_squared_error(mean_colour(picture), picture);
  for (const double loss : heads->losses) CHECK(loss < 0.1 * plain);
  for (const double loss : each->losses) CHECK(loss < 0.1 * plain);
}

TEST_CASE("heads are held against the others seed by seed") {
  std::vector<MultiRow> rows;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const double level = std::exp(0.3 * static_cast<double>(seed));
    rows.push_back(row_of(MultiKind::heads, seed, {0.01 * level, 0.02 * level}));
    rows.push_back(row_of(MultiKind::coded, seed, {0.02 * level, 0.04 * level}));
  }
  rows.push_back(row_of(MultiKind::separate_each, 17, {1, 1}));  // without a partner
  const auto against = against_heads(rows);
  REQUIRE(against.size() == 1);
  CHECK(against[0].kind == MultiKind::coded);
  CHECK(against[0].pairs == 6);
  CHECK(against[0].ratio == doctest::Approx(0.5));
  CHECK(against[0].p == doctest::Approx(2.0 / 64));
}
