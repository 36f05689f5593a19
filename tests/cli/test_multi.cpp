// `skein multi` as a user meets it.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

TEST_CASE(
    "multi draws several pictures in every way, goes on with more seeds, the same on any number of threads") {
  namespace fs = std::filesystem;
  const TemporaryFolder folder;
  const std::string quick = "multi @dawn @tide --arch '2;gaussian:3,sin:2' --steps 20 --size 12 --quiet ";
  const auto one = done_in(folder, quick + "--seeds 1 --threads 1 --json --out a").json();
  has_keys(one, {"pictures", "rows", "against_heads", "out"});
  REQUIRE(one["rows"].size() == 4);
  for (const auto& row : one["rows"]) has_keys(row, {"row", "kind", "depth", "seed", "numbers", "losses"});
  done_in(folder, quick + "--seeds 2 --offsets -1,1 --out a");
  done_in(folder, quick + "--seeds 2 --offsets -1,1 --threads 2 --out b");
  same_files(folder, "a", "b", {"multi.csv", "sharing.csv", "against.csv", "multi.png"});
  const std::string csv = read_file(folder.path() / "a/multi.csv");
  CHECK(std::ranges::count(csv, '\n') == 1 + 4 * 3 * 2 * 2);
  CHECK(fs::exists(folder.path() / "a/networks/coded-depth+1-s1-@tide.mlp"));
  const auto family =
      done_in(
          folder,
          "multi --family @face --kinds heads --seeds 1 --steps 3 --size 16 --arch '1;sin:2' --json --out f")
          .json();
  CHECK(family["pictures"].size() >= 3);
  CHECK(family["pictures"][0] == "whole");
}

TEST_CASE("multi refuses in one line what cannot be") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& arguments, const std::string& part) {
    CAPTURE(arguments);
    const Finished run = skein_in(folder, "multi " + arguments + " --out r");
    CHECK(run.code != 0);
    CHECK(is_one_line(run.err));
    CHECK(run.err.find(part) != std::string::npos);
    CHECK(!std::filesystem::exists(folder.path() / "r"));
  };
  refused("@dawn", "two pictures");
  refused("", "TARGET");
  refused("@dawn @dawn", "twice");
  refused("@dawn @tide --family @face", "--family");
  refused("--family @dawn", "label");
  refused("@dawn @tide --kinds one", "separate-total");
  refused("@dawn @tide --kinds heads,heads", "twice");
  refused("@dawn @tide --seeds 0", "--seeds");
  refused("@dawn @tide --offsets -9", "leaves no layer");
}
