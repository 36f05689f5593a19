#include "experiments/families/transfer.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "bridge/layerize.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

TEST_CASE("an edited picture is the picture with one part taken away, moved or recoloured") {
  const PartsTarget target = load_parts({.target = "@face", .labels = {}, .regions = {}}, 48);
  const auto mouth = std::ranges::find(target.parts.parts, std::string("mouth"), &Part::name);
  REQUIRE(mouth != target.parts.parts.end());
  const auto index = static_cast<std::size_t>(mouth - target.parts.parts.begin());
  const auto removed = edited_picture(target, *mouth, Edit::removed, 48);
  REQUIRE(removed.has_value());
  CHECK(mean_squared_error(*removed, target.pictures.absent[index]) < 1e-9);
  for (const Edit edit : {Edit::moved, Edit::recoloured}) {
    const auto picture = edited_picture(target, *mouth, edit, 48);
    REQUIRE(picture.has_value());
    CHECK(mean_squared_error(*picture, target.pictures.whole) > 1e-4);
    CHECK(mean_squared_error(*picture, *removed) > 1e-4);
  }
  PartsTarget drawn = target;
  drawn.genome.reset();
  CHECK_FALSE(edited_picture(drawn, *mouth, Edit::removed, 48).has_value());
}

TEST_CASE("a network that draws the edit already takes no step; one that may take none does not arrive") {
  PartsTarget target = load_parts({.target = "@face", .labels = {}, .regions = {}}, 32);
  std::erase_if(target.parts.parts, [](const Part& part) { return part.name != "mouth"; });
  neat::Genome without_mouth = without(*target.genome, {&target.parts.parts.front()});
  TransferSettings settings;
  settings.size = 32;
  settings.steps = 3;
  const auto found = find_transfer(bridge::layerize(without_mouth), target, settings);
  REQUIRE(found.size() == edit_kinds);
  CHECK(found.front().edit == Edit::removed);
  REQUIRE(found.front().steps.has_value());
  CHECK(*found.front().steps == 0);
  CHECK(found.front().least < 1e-9);
  CHECK_FALSE(found.front().fresh.has_value());
  CHECK(found.front().fresh_least > found.front().bar);
  settings.bar = 2;
  CHECK_THROWS_AS(find_transfer(bridge::layerize(without_mouth), target, settings), ConfigError);
  settings.bar = 0.1;
  CHECK_THROWS_AS(
      find_transfer(bridge::layerize(without_mouth), target, settings, [](const Progress&) { return false; }),
      Error);
}
