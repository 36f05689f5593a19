// `skein reach` as a user meets it: arms, costs, kill and resume, threads.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace fs = std::filesystem;

TEST_CASE("reach compares both searches on every target, the same on any number of threads") {
  const TemporaryFolder folder;
  const std::string reach = "reach --targets @disc,@dawn --evaluations 300 --seeds 2 --size 16 --json --out ";
  const Finished run = done_in(folder, reach + "r --threads 1");
  REQUIRE(run.json()["arms"].size() == 2);
  const auto arms = run.json()["arms"], rows = run.json()["rows"];
  for (const auto& arm : arms) CHECK(arm["targets_x_seeds"] == 4);
  REQUIRE(run.json()["rows"].size() == 2);
  for (const auto& row : rows)
    for (const char* search : {"target-driven", "open-ended"}) {
      const auto& error = row[search]["error"];
      CHECK(error["n"] == 2);
      CHECK(error["low"] <= error["median"]);
      CHECK(error["median"] <= error["high"]);
      CHECK(error["low"] > 0);
      CHECK(error["high"] < 1);
    }
  for (const char* file : {"reach.png", "nearest.png", "results.csv"})
    CHECK(fs::exists(folder.path() / "r" / file));
  CHECK(skein_in(folder, reach + "r").json() == run.json());
  CHECK(skein_in(folder, reach + "s --threads 2").json()["rows"] == run.json()["rows"]);
}

TEST_CASE("reach goes on after the last finished search when it was killed") {
  const TemporaryFolder folder;
  const std::string reach =
      "reach --targets @disc,@dawn --arms target-driven,open-ended,baldwinian,same-pixels --evaluations 600 "
      "--gradient-steps 2 --seeds 2 --size 16 --quiet";
  done_in(folder, reach + " --out whole");
  WARN(killed_at(folder, reach, "parts", "metrics.jsonl"));
  // A line that the kill tore, and one of a search that had not ended.
  append_to_file(folder.path() / "parts/metrics.jsonl", "{\"search\":");
  done_in(folder, reach + " --out parts");
  same_files(folder, "whole", "parts", {"metrics.jsonl", "results.csv", "reach.png", "nearest.png"});
  CHECK(skein_in(folder, "reach --out r --arms walking").err.find("allowed: target-driven") !=
        std::string::npos);
}

TEST_CASE("reach counts what each arm draws, and judges what the fitted arms found") {
  const TemporaryFolder folder;
  const Finished run = done_in(folder,
                               "reach --targets @disc --arms "
                               "target-driven,lamarckian,baldwinian,same-pixels,same-work --evaluations 150 "
                               "--gradient-steps 3 --seeds 1 --size 16 --score --json --out r");
  const std::vector<int> pictures{150, 600, 600, 600, 1500};
  for (std::size_t arm = 0; arm < pictures.size(); ++arm)
    CHECK(run.json()["arms"][arm]["pictures"] == pictures[arm]);
  const auto pairs = run.json()["pairs"];
  REQUIRE(pairs.size() == 10);
  CHECK(pairs[0]["against"] == "lamarckian");
  CHECK(pairs[0]["error_difference"]["mean"] >= 0);
  const auto row = run.json()["rows"][0];
  for (const char* arm : {"lamarckian", "baldwinian"}) {
    CHECK(row[arm]["error"]["median"] <= row["target-driven"]["error"]["median"]);
    CHECK(row[arm]["compositional_score"]["n"] == 1);
    // What is kept draws the picture that was judged.
    const auto scored = skein_in(folder, std::string("score r/genomes/0-disc-") + arm +
                                             "-s0.genome --size 16 --weights 2 --resamples 0 "
                                             "--target @disc --json --quiet");
    CAPTURE(scored.err);
    CHECK(std::sqrt(scored.json()["loss"].get<double>()) ==
          doctest::Approx(row[arm]["error"]["median"].get<double>()).epsilon(1e-4));
  }
}
