// What asks for parts, as a user meets it: coverage's run, kill and resume; breaks, circuits, transfer and rivals of @face.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace {

const std::string coverage_of_face =
    "coverage @face --held-out 0.5 --widths 6 --layers 2 --steps 40 --size 8 --batch 64 --quiet --json";

}  // namespace

TEST_CASE("coverage tells of every student and the known answers, on any threads, and adds seeds") {
  const TemporaryFolder folder;
  const auto json = done_in(folder, coverage_of_face + " --seeds 2 --out a --threads 2").json();
  has_keys(json, {"target", "parts", "levels", "combinations", "possible", "rows", "groups",
                  "rank_correlation", "known_answers", "out"});
  CHECK(json["combinations"] == 32);
  // Connected, disconnected with connected ones of its size, missing (which sees a half, as the first), shuffled.
  CHECK(json["rows"].size() == 2 * 5);
  CHECK(json["groups"].size() == 5);
  for (const auto& group : json["groups"]) CHECK(group["unseen_r2"]["n"] == 2);
  CHECK(json["known_answers"]["hand_gated"]["unseen_r2"].get<double>() > 0.99);
  CHECK(json["known_answers"]["lookup"]["unseen_r2"].get<double>() < 0.5);
  for (const char* file : {"coverage.csv", "coverage.json", "coverage.png", "family.png"})
    CHECK(std::filesystem::exists(folder.path() / "a" / file));
  CHECK(skein_in(folder, "info a/networks/connected-0.5-w6-s1.mlp --json").json()["kind"] == "mlp");
  CHECK(skein_in(folder, coverage_of_face + " --seeds 2 --out a").json() == json);
  done_in(folder, coverage_of_face + " --seeds 1 --out b --threads 1");
  done_in(folder, coverage_of_face + " --seeds 2 --out b --threads 1");
  same_files(folder, "a", "b",
             {"coverage.csv", "decodability.csv", "composed.csv", "networks/connected-0.5-w6-s0.mlp"});
}

TEST_CASE(
    "a coverage run that is killed goes on to the same table; a damaged record is named, a lost network "
    "made") {
  const TemporaryFolder folder;
  done_in(folder, coverage_of_face + " --seeds 2 --out a");
  WARN(killed_at(folder, coverage_of_face + " --seeds 2", "b", "rows/connected-0.5-w6-s0.json"));
  std::filesystem::remove(folder.path() / "b/networks/connected-0.5-w6-s0.mlp");
  std::filesystem::remove(folder.path() / "b/DONE");  // where it was faster than the kill
  done_in(folder, coverage_of_face + " --seeds 2 --out b");
  same_files(folder, "a", "b", {"coverage.csv", "networks/connected-0.5-w6-s0.mlp"});
  write_file(folder.path() / "b/rows/connected-0.5-w6-s0.json", "{\"support\": 3}");
  refused(folder, coverage_of_face + " --seeds 3 --out b", "connected-0.5-w6-s0.json", 1);
}

TEST_CASE("what coverage cannot do is one line, and nothing is made") {
  const TemporaryFolder folder;
  const auto coverage_refused = [&](const std::string& arguments, const std::string& part) {
    refused(folder, "coverage " + arguments + " --out r", part);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "r"));
  };
  coverage_refused("@face --held-out 1", "held out");
  coverage_refused("@face --widths 2", "width 2");
  coverage_refused("@face --levels 1", "levels 1");
  coverage_refused("@face --seeds 0", "seeds 0");
  coverage_refused("@disc", "@disc");
}

TEST_CASE("a genome has every unit of its own, and rivals that are one network say the same of each other") {
  const TemporaryFolder folder;
  const auto breaks = done_in(folder, "breaks @face --reference @face --quiet --json").json();
  has_keys(breaks, {"reference", "threshold", "counts", "control", "layers", "units"});
  CHECK(breaks["counts"]["correct"] == breaks["units"].size());
  CHECK(breaks["control"]["correct"] < breaks["counts"]["correct"]);  // its weights exchanged
  const auto rivals = done_in(folder, "rivals @face @face --target @face --weights 8 --quiet --json").json();
  REQUIRE(rivals["rows"].size() == 2);
  CHECK(rivals["rows"][0] == rivals["rows"][1]);
  CHECK(rivals["rows"][0]["participation"].get<double>() > 0.999);
  refused(folder, "rivals @face --target @face", "two networks or more");
  refused(folder, "breaks @face --reference @disc", "@disc");
}

TEST_CASE("circuits and transfer tell of each part what the page says they do") {
  const TemporaryFolder folder;
  const auto circuits = done_in(folder, "circuits @face --steps 20 --quiet --json").json();
  has_keys(circuits, {"parts", "edges", "overlap", "tolerance", "loss"});
  CHECK(circuits["loss"].get<double>() < 1e-9);
  REQUIRE_FALSE(circuits["parts"].empty());
  for (const auto& part : circuits["parts"])
    has_keys(part, {"name", "units", "edges", "sufficient", "necessary", "reached", "error",
                    "random_sufficient", "edge_f1"});
  const auto transfer = done_in(folder, "transfer @face --steps 2 --size 16 --quiet --json").json();
  has_keys(transfer, {"target", "steps_allowed", "own", "fresh", "edits"});
  CHECK(transfer["steps_allowed"] == 2);
  REQUIRE_FALSE(transfer["edits"].empty());
  for (const auto& edit : transfer["edits"]) {
    has_keys(edit, {"part", "edit", "bar", "steps", "fresh_steps", "least", "fresh_least"});
    CHECK((edit["steps"].is_null() || edit["steps"] <= 2));
  }
}

TEST_CASE("robustness tells of several networks what one weight takes and where they go astray") {
  const TemporaryFolder folder;
  done_in(folder, "train @face --steps 20 --size 16 --out dense --quiet");
  const std::string command = "robustness @face dense --target @face --weights 12 --size 16 --quiet --json";
  const auto json = done_in(folder, command + " --out r --threads 2").json();
  has_keys(json, {"target", "size", "networks", "out"});
  REQUIRE(json["networks"].size() == 2);
  for (const auto& network : json["networks"]) {
    has_keys(network, {"network", "nonzero", "loss", "movable", "moved", "lost", "lost_random",
                       "lost_shifted", "others", "parts", "shifts"});
    CHECK(network["moved"] == 12);
    REQUIRE(network["parts"].size() == 5);
    for (const auto& part : network["parts"])
      has_keys(part,
               {"name", "price", "lost", "lost_random", "lost_shifted", "others", "change", "loss_change"});
    CHECK(network["shifts"].size() == 8);
  }
  CHECK(json["networks"][0]["shifts"]["zoomed out"]["median"] == 0);
  CHECK(json["networks"][1]["shifts"]["grid"]["median"].get<double>() > 0);
  for (const char* file :
       {"robustness.png", "robustness.json", "hidden_losses.csv", "worst_steps.csv", "shift_errors.csv"})
    CHECK(std::filesystem::exists(folder.path() / "r" / file));
  done_in(folder, command + " --out s --threads 1");
  same_files(folder, "r", "s",
             {"hidden_losses.csv", "worst_steps.csv", "shift_errors.csv", "robustness.png"});
  refused(folder, command + " --out r", "--force");
  refused(folder, "robustness @face --target @disc", "--regions");
  refused(folder, "robustness @face --target @face --weights 0", "weights 0");
}
