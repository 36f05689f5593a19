// Nodes of a campaign on which something is wrong: a target is missing or another one, the shared folder is read-only or full,
// the clock is wrong, skein is another one. Each says so in one line, and nothing is lost.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "lib/base/file.hpp"
#include "tests/cli/background.hpp"
#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace {

namespace fs = std::filesystem;

constexpr const char* tiny =
    "methods = [\"dense-adam\", \"magnitude\"]\nkeep = [9]\nbudget = \"quick\"\nsteps = 10\nsize = 12\n"
    "arch = \"1;sin:2\"\n";

void write_grid(const TemporaryFolder& folder, const std::string& targets, int seeds) {
  write_file(folder.path() / "grid.toml",
             "[campaign]\ntargets = [" + targets + "]\nseeds = " + std::to_string(seeds) + "\n" + tiny);
}

/// A campaign of four rows of which two are done.
void begin(const TemporaryFolder& folder, const std::string& target = "\"@face\"") {
  write_grid(folder, target, 1);
  const Finished run = skein_in(folder, "campaign grid.toml --out r --threads 1");
  CAPTURE(run.err);
  REQUIRE(run.code == 0);
  write_grid(folder, target, 2);
}

std::string on_a_node_with(const std::string& fault) {
  return "SKEIN_FAULT='" + fault + "' LD_PRELOAD='" SKEIN_FAULT_SHIM "'";
}

/// The rows and networks that a run holds, byte for byte.
std::vector<std::string> networks(const TemporaryFolder& folder) {
  std::vector<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path() / "r" / "rows"))
    if (entry.path().filename() == "network.mlp" || entry.path().filename() == "row.json")
      all.push_back(entry.path().string() + read_file(entry.path()));
  std::ranges::sort(all);
  return all;
}

/// The run goes on where nothing is wrong, to what it had been without.
void ends_well(const TemporaryFolder& folder) {
  const Finished last = skein_in(folder, "campaign grid.toml --out r --threads 1 --json");
  CAPTURE(last.err);
  REQUIRE(last.code == 0);
  CHECK(last.json()["complete"] == true);
  REQUIRE(skein_in(folder, "campaign grid.toml --out undisturbed --threads 1").code == 0);
  CHECK(read_file(folder.path() / "r/results.csv") == read_file(folder.path() / "undisturbed/results.csv"));
}

void copy_picture(const TemporaryFolder& folder, const std::string& net, const std::string& file) {
  REQUIRE(skein_in(folder, "render " + net + " --size 12 --force --out " + file).code == 0);
}

}  // namespace

TEST_CASE("a target that is missing on a node, or is another one there, is named, and nothing is lost") {
  const TemporaryFolder folder;
  copy_picture(folder, "@face", "a.png");
  begin(folder, "\"a.png\"");
  const auto before = networks(folder);
  fs::rename(folder.path() / "a.png", folder.path() / "away.png");
  const Finished missing = skein_in(folder, "campaign grid.toml --out r");
  CHECK(missing.code != 0);
  CHECK(is_one_line(missing.err));
  CHECK(missing.err.find("a.png: there is no such file") != std::string::npos);
  copy_picture(folder, "@sunset", "a.png");
  const Finished other = skein_in(folder, "campaign grid.toml --out r");
  CHECK(other.code == 2);
  CHECK(is_one_line(other.err));
  CHECK(other.err.find("the target 'a' is not what it was when the campaign began") != std::string::npos);
  CHECK(networks(folder) == before);
  fs::rename(folder.path() / "away.png", folder.path() / "a.png");
  ends_well(folder);
}

TEST_CASE("a node on which the shared folder is read-only says so, and nothing is lost") {
  const TemporaryFolder folder;
  begin(folder);
  const auto before = networks(folder);
  const Finished node = skein_in(folder, "campaign grid.toml --out r --quiet", on_a_node_with("readonly"));
  CAPTURE(node.err);
  CHECK(node.code == 1);
  CHECK(is_one_line(node.err));
  CHECK(node.err.find("Read-only file system") != std::string::npos);
  CHECK(networks(folder) == before);
  ends_well(folder);
}

TEST_CASE("a node on which the shared folder is full says so, and nothing is lost") {
  for (const int writes : {1, 6, 12, 20}) {
    CAPTURE(writes);
    const TemporaryFolder folder;
    begin(folder);
    const Finished node = skein_in(folder, "campaign grid.toml --out r --threads 1 --quiet",
                                   on_a_node_with("full " + std::to_string(writes)));
    CAPTURE(node.err);
    CHECK(node.code == 1);
    CHECK(is_one_line(node.err));
    CHECK(node.err.find("No space left on device") != std::string::npos);
    ends_well(folder);
  }
}

TEST_CASE("slow: processes whose clocks differ by ten minutes leave each other's rows alone") {
  const TemporaryFolder folder;
  write_grid(folder, "\"@face\", \"@sunset\"", 6);
  const std::vector<std::string> command{"campaign", "grid.toml", "--out",   "r", "--threads",
                                         "1",        "--quiet",   "--stale", "60"};
  Background right(folder, command);
  Background ahead(folder, command, {"SKEIN_CLOCK_AHEAD=600", "LD_PRELOAD=" SKEIN_CLOCK_SHIM});
  Background behind(folder, command, {"SKEIN_CLOCK_AHEAD=-600", "LD_PRELOAD=" SKEIN_CLOCK_SHIM});
  CHECK(right.wait() == 0);
  CHECK(ahead.wait() == 0);
  CHECK(behind.wait() == 0);
  CHECK_FALSE(fs::exists(folder.path() / "r/troubles"));
  // Every row was made once: nobody took a living process's row over. One of them let the networks judge each other.
  std::size_t lines = 0;
  std::vector<std::string> hashes;
  for (const auto& entry : fs::directory_iterator(folder.path() / "r/metrics")) {
    std::istringstream text(read_file(entry.path()));
    for (std::string line; std::getline(text, line); ++lines)
      hashes.push_back(nlohmann::ordered_json::parse(line).items().begin().key());
  }
  CHECK(lines == 37);
  CHECK(std::ranges::count(hashes, "parent") == 12);
  CHECK(std::ranges::count(hashes, "judging") == 1);
  ends_well(folder);
}

TEST_CASE("another version, build or instruction set is refused by name, or allowed with --mixed") {
  const TemporaryFolder folder;
  begin(folder);
  const auto before = networks(folder);
  const std::string record = (folder.path() / "r/campaign.json").string();
  const auto whole = nlohmann::ordered_json::parse(read_file(record));
  for (const char* key : {"skein", "build", "instruction_set"}) {
    auto other = whole;
    other[key] = "another";
    write_file(record, other.dump());
    const Finished node = skein_in(folder, "campaign grid.toml --out r");
    CHECK(node.code == 2);
    CHECK(is_one_line(node.err));
    CHECK(node.err.find(std::string("was begun with ") + key + " another") != std::string::npos);
    CHECK(networks(folder) == before);
  }
  // Another instruction set may draw the target to other last bits: rows keep the names that they have.
  auto other = whole;
  other["instruction_set"] = "another";
  other["contents"]["@face"] = "0123456789abcdef";
  write_file(record, other.dump());
  CHECK(skein_in(folder, "campaign grid.toml --out r").code == 2);
  const Finished mixed = skein_in(folder, "campaign grid.toml --out r --mixed --json");
  CAPTURE(mixed.err);
  CHECK(mixed.code == 0);
  CHECK(mixed.json()["complete"] == true);
  CHECK(mixed.json()["made"] == 4);  // by the content on record, which none of the rows had so far
  const Finished again = skein_in(folder, "campaign grid.toml --out r --mixed --json");
  CHECK(again.json()["done"] == 4);
  CHECK_FALSE(again.json().contains("made"));
}
