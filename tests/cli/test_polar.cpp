// `skein polar` as a user meets it: what it says, kill and resume, threads, more seeds, refusals.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace {

constexpr const char* polar_of_sunset =
    "polar @sunset --levels 2 --width 6 --layers 2 --ranks 2,4 --steps 60 --size 8 --batch 64 "
    "--probe-steps 30 --quiet --json";

}  // namespace

TEST_CASE("polar tells the tree, every network's reading of it and the known answers, on any threads") {
  const TemporaryFolder folder;
  const Finished run = done_in(folder, std::string(polar_of_sunset) + " --seeds 2 --out a --threads 2");
  const auto json = run.json();
  has_keys(json, {"target", "parts", "levels", "combinations", "cases", "relations", "tree", "seeds",
                  "groups", "paired", "failed", "known_answers", "out"});
  const auto& known = json["known_answers"];
  CHECK(known["planted"]["tree"]["n"] == 10);
  CHECK(known["planted"]["tree"]["mean"].get<double>() > known["noise"]["tree"]["mean"].get<double>());
  // Layers inputs, 1, 2 and all by two ranks and three controls; genome and names the same, once; the table.
  std::size_t trained = 0, table = 0;
  for (const auto& group : json["groups"]) {
    CHECK(group["tree"]["n"] == 2);
    trained += group["source"] == "trained";
    table += group["source"] == "table";
  }
  CHECK(trained == 4 * 5);
  CHECK(table == 1);
  for (const auto& pair : json["paired"])
    if (pair["number"] == "tree" || pair["number"] == "type_balanced") CHECK(pair["difference"]["n"] == 2);
  CHECK(json["paired"].size() == 5 * 5);
  for (const char* file : {"polar.csv", "polar.json", "polar.png", "networks/trained-s1.mlp"})
    CHECK(std::filesystem::exists(folder.path() / "a" / file));
  CHECK(skein_in(folder, "info a/networks/trained-s0.mlp --json").json()["kind"] == "mlp");
  CHECK(skein_in(folder, std::string(polar_of_sunset) + " --seeds 2 --out a").json() == json);
  // One seed first, on one thread, then the other.
  done_in(folder, std::string(polar_of_sunset) + " --seeds 1 --out b --threads 1");
  done_in(folder, std::string(polar_of_sunset) + " --seeds 2 --out b --threads 1");
  same_files(folder, "a", "b", {"polar.csv", "networks/trained-s0.mlp"});
}

TEST_CASE("a polar run that is killed goes on to the same table; a record that was damaged is named") {
  const TemporaryFolder folder;
  done_in(folder, std::string(polar_of_sunset) + " --seeds 2 --out a");
  WARN(killed_at(folder, std::string(polar_of_sunset) + " --seeds 2", "b", "rows/untrained-s0.json"));
  done_in(folder, std::string(polar_of_sunset) + " --seeds 2 --out b");
  same_files(folder, "a", "b", {"polar.csv"});
  write_file(folder.path() / "b/rows/names-s0.json", "{\"source\": 3}");
  refused(folder, std::string(polar_of_sunset) + " --seeds 3 --out b", "names-s0.json", 1);
}

TEST_CASE("what polar cannot do is one line, and nothing is made") {
  const TemporaryFolder folder;
  const auto polar_refused = [&](const std::string& arguments, const std::string& part) {
    refused(folder, "polar " + arguments + " --out r", part);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "r"));
  };
  polar_refused("@face --ranks 0", "rank 0");
  polar_refused("@face --width 12 --ranks 4,13", "rank 13");
  polar_refused("@face --ranks 4,2", "ascend");
  polar_refused("@face --held-out 1", "held out");
  polar_refused("@face --levels 1", "levels 1");
  polar_refused("@face --lambda -1", "lambda");
  polar_refused("@face --seeds 0", "seeds 0");
  polar_refused("@face --probe-steps 0", "steps 0 of a probe");
  polar_refused("@disc", "@disc");
  polar_refused("@nobody", "nobody");
  done_in(folder, "render @face --size 16 --out face.png --quiet");
  polar_refused("face.png", "its parts are not known");
}
