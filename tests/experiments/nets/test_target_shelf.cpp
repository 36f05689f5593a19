#include "experiments/nets/target_shelf.hpp"

#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "lib/picture/image.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

TEST_CASE("a shelf keeps each target once a size, under the run's name for it") {
  TargetShelf targets(0, 16);
  REQUIRE(targets.add("@face", "mine") == 0);
  CHECK(targets.size() == 1);
  CHECK(targets.argument(0) == "@face");
  const RowTarget& face = targets.at(0);
  CHECK(face.name == "mine");
  CHECK(face.has_genome());
  CHECK(face.picture.width == 16);
  const RowTarget& small = targets.at(0, 9);
  CHECK(small.name == "mine");
  CHECK(small.picture.width == 9);
  CHECK(&targets.at(0) == &face);
  CHECK(&targets.at(0, 9) == &small);
  CHECK_THROWS_WITH_AS(targets.add("@sunset", "mine"), doctest::Contains("two targets are called 'mine'"),
                       ConfigError);
  CHECK(targets.size() == 1);
  CHECK_THROWS_AS(targets.add("no such file"), Error);
}

TEST_CASE("a target's name is sound text, whatever its file is called, and no two are the same") {
  const test::TemporaryFolder folder;
  for (const char* name : {"a\xff.png", "a\xfe.png", "plain.png"})
    write_png(folder.path() / name, Image(8, 8, 128));
  TargetShelf targets(0, 16);
  CHECK(targets.at(targets.add((folder.path() / "a\xff.png").string())).name == "a\xef\xbf\xbd");
  CHECK(targets.at(targets.add((folder.path() / "plain.png").string(), "tab\there")).name == "tab here");
  CHECK_THROWS_AS(targets.add((folder.path() / "a\xfe.png").string()), ConfigError);
}
