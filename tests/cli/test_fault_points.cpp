// A process that is killed, or whose disk fails, at any point: the same command again leaves what an undisturbed run
// leaves, byte for byte, and nothing else. Which points there are is counted, not listed (tests/faults/fault_shim.cpp).
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace {

namespace fs = std::filesystem;

struct Scenario {
  const char* name;
  std::vector<std::string> before;  ///< commands that prepare the folder
  std::string command;
  std::vector<std::string> bystanders = {};  ///< a user's files, written after `before`
};

/// Without what tells only how long it took, or was thought to take.
nlohmann::ordered_json timeless(const nlohmann::ordered_json& json) {
  if (!json.is_structured()) return json;
  nlohmann::ordered_json kept =
      json.is_array() ? nlohmann::ordered_json::array() : nlohmann::ordered_json::object();
  for (const auto& [key, value] : json.items()) {
    if (json.is_array()) kept.push_back(timeless(value));
    else if (key.find("second") == std::string::npos && key.find("hours") == std::string::npos)
      kept[key] = timeless(value);
  }
  return kept;
}

/// Every file below the folder by its name, with its content as far as it must be the same each time.
std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(folder).string();
    if (name == ".out" || name == ".err" || name == ".counts") continue;
    // Who made what when, and what went wrong meanwhile.
    if (name.starts_with("r/metrics") || name.starts_with("r/troubles")) continue;
    if (entry.is_directory()) {
      files[name + "/"] = "";
      continue;
    }
    const std::string bytes = read_file(entry.path());
    const std::string file = entry.path().filename().string();
    if (file == "report.html") files[name] = "a page, which tells times";
    else if (file.ends_with(".json")) files[name] = timeless(nlohmann::ordered_json::parse(bytes)).dump();
    else files[name] = bytes;
  }
  return files;
}

std::string what_differs(const std::map<std::string, std::string>& whole,
                         const std::map<std::string, std::string>& other) {
  for (const auto& [name, content] : whole) {
    if (!other.contains(name)) return name + " is missing";
    if (other.at(name) != content) return name + " differs";
  }
  for (const auto& [name, content] : other)
    if (!whole.contains(name)) return name + " is too much";
  return "";
}

/// 1 to `most`, at most `wanted` of them, spread evenly; all where SKEIN_DEEP is set.
std::vector<long> points(long most, long wanted) {
  std::vector<long> chosen;
  if (std::getenv("SKEIN_DEEP")) wanted = most;
  for (long i = 0; i < std::min(most, wanted); ++i) chosen.push_back(1 + i * most / std::min(most, wanted));
  return chosen;
}

std::string with_fault(const std::string& fault) {
  return "SKEIN_FAULT='" + fault + "' SKEIN_FAULT_COUNTS=.counts LD_PRELOAD='" SKEIN_FAULT_SHIM "'";
}

void prepare(const TemporaryFolder& folder, const Scenario& scenario) {
  for (const std::string& command : scenario.before) {
    const Finished run = skein_in(folder, command + " --quiet");
    CAPTURE(run.err);
    REQUIRE(run.code == 0);
  }
  for (const std::string& file : scenario.bystanders) write_file(folder.path() / file, "a user's");
}

void survive(const Scenario& scenario, long kills, long others) {
  CAPTURE(scenario.name);
  const TemporaryFolder prepared, undisturbed;
  prepare(prepared, scenario);
  const auto copy_to = [&](const TemporaryFolder& folder) {
    fs::copy(prepared.path(), folder.path(), fs::copy_options::recursive);
  };
  copy_to(undisturbed);
  const std::string command = scenario.command + " --threads 1 --quiet";
  REQUIRE(skein_in(undisturbed, command, with_fault("count")).code == 0);
  long changes = 0, calls = 0, writes = 0;
  std::istringstream(read_file(undisturbed.path() / ".counts")) >> changes >> calls >> writes;
  REQUIRE(changes > 10);
  REQUIRE(writes > 3);
  const auto whole = contents(undisturbed.path());
  const auto disturb = [&](const std::string& fault) {
    CAPTURE(fault);
    const TemporaryFolder folder;
    copy_to(folder);
    const Finished disturbed = skein_in(folder, command, with_fault(fault));
    CAPTURE(disturbed.err);
    CHECK((disturbed.code == 0 || disturbed.code == 1 || disturbed.code == 128 || disturbed.code == 137));
    if (disturbed.code == 0) CHECK(what_differs(whole, contents(folder.path())) == "");
    const Finished again = skein_in(folder, command);
    CAPTURE(again.err);
    CHECK(again.code == 0);
    CHECK(what_differs(whole, contents(folder.path())) == "");
  };
  for (const long at : points(changes, kills)) disturb("kill " + std::to_string(at));
  for (const long at : points(writes, others)) disturb("full " + std::to_string(at));
  for (const long at : points(calls, others)) disturb("fail " + std::to_string(at));
}

const std::string small_training =
    "train @face --arch '2;sin:3' --steps 60 --size 12 --checkpoint-every 20 --out r";

}  // namespace

TEST_CASE("deep: train survives every fault") { survive({"train", {}, small_training}, 60, 30); }

TEST_CASE("deep: train --force survives every fault, and what the user left in the folder stays") {
  survive({"train --force",
           {"train @face --arch '2;sin:4' --steps 20 --size 12 --out r"},
           small_training + " --force",
           {"r/notes.txt", "r/notes.md", "plan.txt"}},
          60, 20);
}

TEST_CASE("deep: evolve survives every fault") {
  survive(
      {"toward a target",
       {},
       "evolve --goal target:@face --population 8 --generations 6 --size 12 --checkpoint-every 2 --out r"},
      30, 15);
  survive({"novelty",
           {},
           "evolve --goal novelty --population 8 --generations 5 --size 12 --checkpoint-every 2 --out r"},
          20, 10);
  survive({"a task from many seeds", {}, "evolve --goal task:xor --generations 4 --seeds 6 --out r"}, 30, 15);
  survive({"a map from two seeds",
           {},
           "evolve --goal map-elites --population 16 --evaluations 64 --size 12 --checkpoint-every 2 --seeds "
           "2 --out r"},
          30, 15);
}

TEST_CASE("deep: prune survives every fault") {
  survive({"sp",
           {small_training},
           "prune r --target @face --out o.mlp --keep 10 --rounds 2 --steps 20 --size 12"},
          40, 20);
  survive(
      {"lottery, over a file that is there",
       {small_training},
       "prune r --target @face --out o.mlp --method lottery --cut 0.4 --keep 10 --steps 20 --size 12 --force",
       {"o.mlp"}},
      30, 15);
}

TEST_CASE("deep: reach survives every fault") {
  survive({"reach",
           {},
           "reach --targets @face,@disc --arms target-driven,open-ended --evaluations 40 --seeds 1 --size 12 "
           "--out r"},
          30, 15);
}

TEST_CASE("deep: compare survives every fault") {
  survive({"compare",
           {},
           "compare @face --budget quick --steps 8 --size 8 --arch '1;sin:2' --seeds 1 "
           "--methods evolved,dense-adam,magnitude --keep 6 --out r"},
          25, 12);
}

TEST_CASE("deep: a campaign survives every fault") {
  const TemporaryFolder folder;
  write_file(folder.path() / "grid.toml",
             "[campaign]\ntargets = [\"@disc\", \"@face\"]\nmethods = [\"dense-adam\", \"magnitude\"]\n"
             "keep = [6]\nseeds = 1\nbudget = \"quick\"\nsteps = 8\nsize = 8\narch = \"1;sin:2\"\n");
  survive({"campaign", {}, "campaign " + (folder.path() / "grid.toml").string() + " --out r"}, 25, 12);
}

TEST_CASE("deep: single files survive every fault") {
  survive({"render", {}, "render @face --out a.png --size 20 --features f.png --npz a.npz --force"}, 30, 15);
  survive({"sweep", {}, "sweep @face --out s --weights 3 --steps 3 --size 12"}, 30, 15);
}
