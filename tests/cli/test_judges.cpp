// Judges and the parts of a report, as a user meets them.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

TEST_CASE("judges are tried on twins and labels, the same on any number of threads") {
  const TemporaryFolder folder;
  const std::string trial = "judges @flower --weights 8 --size 32 --quiet --json";
  const auto json = done_in(folder, trial + " --threads 1").json();
  has_keys(json, {"net", "twin_seed", "trials"});
  CHECK(json["trials"].size() >= 2 * 5);  // three twins and all of them; labels against directions
  for (const auto& row : json["trials"]) {
    has_keys(row, {"judge", "whole", "against", "whole_steps", "against_steps", "silent", "area", "low",
                   "high", "accuracy"});
    CHECK(row["low"] <= row["area"]);
  }
  CHECK(done_in(folder, trial + " --threads 2").json() == json);
  const auto scored =
      done_in(folder, "score @flower --judge detector --weights 8 --size 32 --resamples 5 --quiet --json")
          .json();
  CHECK(scored["judge"] == "detector");
  CHECK(scored["compositional_score"].is_number());
}

TEST_CASE("what judges cannot do is one line, a missing calibration names the command that makes one") {
  const TemporaryFolder folder;
  refused(folder, "judges", "--sketches");
  refused(folder, "judges @face --sketches 3", "one of the two");
  refused(folder, "judges @face --judge-url http://localhost:1", "--judge vlm");
  refused(folder, "judges @face --pairs 4", "--against");
  refused(folder, "judges --sketches 3 --twin-seed 5", "--twin-seed");
  refused(folder, "judges @face --judge vlm --judge-url http://localhost:1 --judge-model m", "--against");
  const std::string server = " --judge-url http://localhost:1 --judge-model m";
  const Finished bare = skein_in(folder, "score @face --judge vlm-atoms" + server, "SKEIN_JUDGE_CACHE=cache");
  CHECK(bare.code == 2);
  CHECK(is_one_line(bare.err));
  CHECK(bare.err.find("skein judges --judge vlm") != std::string::npos);
}

TEST_CASE("the report learns pieces of the methods asked for, keeps them, and refuses what does not fit") {
  const TemporaryFolder folder;
  done_in(folder,
          "compare @face --budget quick --methods evolved,dense-adam --steps 20 --seeds 1 --size 16 --out "
          "run --quiet");
  refused(folder, "report run --target @face", "--parts");
  refused(folder, "report run --parts sp", "'sp'");
  const auto json = done_in(folder, "report run --parts evolved --quiet --json").json();
  REQUIRE(json["pieces"].size() == 1);
  const auto kept = folder.path() / "run" / "pieces" / json["pieces"][0].get<std::string>();
  const auto pieces = nlohmann::json::parse(read_file(kept / "pieces.json"));
  CHECK(pieces["parts"].size() == 5);
  for (const char* file : {"whole.png", "without-1.png", "wanted-5.png"})
    CHECK(std::filesystem::exists(kept / file));
  const std::string page = read_file(folder.path() / "run" / "report.html");
  CHECK(page.find("\"pieces\":") != std::string::npos);
  done_in(folder, "report run --quiet");
  CHECK(read_file(folder.path() / "run" / "report.html") == page);  // what is kept is taken up again
}
