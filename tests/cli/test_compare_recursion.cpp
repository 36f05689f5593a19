// Rows of recursions in comparisons and campaigns, as a user meets them.
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/ended_at_random.hpp"
#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace {

namespace fs = std::filesystem;

constexpr const char* tiny_block = " --recursion 'rec:2(4;tanh:4,relu:2;sigmoid:2)' --arch '2;tanh:4'";

/// The cell of results.csv in the row of that id.
std::string cell_of(const fs::path& csv, const std::string& id, const std::string& column) {
  std::istringstream lines(read_file(csv));
  std::string line;
  std::vector<std::string> heads;
  while (std::getline(lines, line)) {
    std::vector<std::string> cells;
    std::string cell;
    bool quoted = false;
    for (const char c : line + ",") {
      if (c == '"') quoted = !quoted;
      else if (c == ',' && !quoted) cells.push_back(std::exchange(cell, {}));
      else cell += c;
    }
    if (heads.empty()) heads = cells;
    const auto at = static_cast<std::size_t>(std::ranges::find(heads, column) - heads.begin());
    REQUIRE(at < heads.size());
    if (cells.at(0) == id) return cells.at(at);
  }
  FAIL("no row " << id);
  return {};
}

}  // namespace

TEST_CASE("rows of recursions stand beside layers, are tested against them and shown in the report") {
  const TemporaryFolder folder;
  const std::string compare =
      "compare @face --budget quick --steps 30 --size 16 --seeds 2 --json --methods "
      "tied,untied,untied-deep,dense-adam --out r" +
      std::string(tiny_block);
  const auto result = done_in(folder, compare).json();
  REQUIRE(result["rows"].size() == 8);
  for (const auto& row : result["rows"]) {
    CAPTURE(row.dump());
    CHECK(row["status"] == "done");
    CHECK(row["steps"] == 30);
    CHECK(row["loss"].is_number());
    CHECK(row["compositional_score"].is_number());
    CHECK(row["cross_participation"].is_number());
    const bool layers = row["method"] == "dense-adam";
    CHECK(row["units_alive"].is_number() == layers);
    CHECK(row["measures"]["edge_f1"].contains("reason") != layers);
    CHECK(row["network"].get<std::string>().ends_with(layers ? "network.mlp" : "network.recursion"));
    CHECK(fs::exists(folder.path() / "r" / row["network"].get<std::string>()));
    if (row["method"] == "tied") CHECK(row["arch"] == "rec:2(4;tanh:4,relu:2;sigmoid:2)");
    if (row["method"] == "untied") CHECK(row["arch"] == "untied:2(4;tanh:2,relu:1;sigmoid:2)");
  }
  // As many weights, and one that rounds share counts once.
  const auto csv = folder.path() / "r/results.csv";
  CHECK(cell_of(csv, "tied-s0", "weights") == cell_of(csv, "untied-s0", "weights"));
  CHECK(std::stoi(cell_of(csv, "untied-deep-s0", "weights")) > std::stoi(cell_of(csv, "tied-s0", "weights")));
  CHECK(
      std::to_string(
          skein_in(folder, "info r/rows/tied-s0/network.recursion --json").json()["parameters"].get<int>()) ==
      cell_of(csv, "tied-s0", "weights"));
  CHECK(cell_of(csv, "tied-s0", "units_alive").empty());
  CHECK_FALSE(cell_of(csv, "dense-adam-s0", "units_alive").empty());
  int tested = 0;
  for (const auto& test : result["tests"])
    if (test["measure"] == "loss" && test["a"] == "tied") ++tested;
  CHECK(tested == 3);
  const std::string page = read_file(folder.path() / "r/report.html");
  for (const char* shown :
       {"recursion, tied", "recursion, untied, all units", "difference of recursion, tied",
        "wiring of recursion, tied", "\"label\":\"recursion, untied\""})
    CHECK_MESSAGE(page.find(shown) != std::string::npos, shown);
  CHECK(page.find("cannot be read") == std::string::npos);
  // A damaged network is a trouble of the page, not its end.
  write_file(folder.path() / "r/rows/tied-s0/network.recursion", "nothing");
  write_file(folder.path() / "r/rows/tied-s1/network.recursion", "nothing");
  CHECK(skein_in(folder, "report r --out p.html").code == 0);
  CHECK(read_file(folder.path() / "p.html").find("is not the network that its row recorded") !=
        std::string::npos);
}

TEST_CASE("a row of a recursion is what train makes of the same settings, bit for bit") {
  const TemporaryFolder folder;
  const std::string settings = " --steps 40 --size 16 --lr 0.01 --schedule cosine --init-scale 0.7 --quiet";
  done_in(folder, "compare @disc --budget quick --seeds 2 --methods tied,untied:optimizer=muon --out r" +
                      settings + tiny_block);
  done_in(folder, "train @disc --arch 'rec:2(4;tanh:4,relu:2;sigmoid:2)' --seed 1 --out t" + settings);
  done_in(folder,
          "train @disc --arch 'untied:2(4;tanh:2,relu:1;sigmoid:2)' --optimizer muon --out u" + settings);
  CHECK(read_file(folder.path() / "t/network.recursion") ==
        read_file(folder.path() / "r/rows/tied-s1/network.recursion"));
  CHECK(read_file(folder.path() / "t/loss.csv") == read_file(folder.path() / "r/rows/tied-s1/loss.csv"));
  CHECK(read_file(folder.path() / "u/network.recursion") ==
        read_file(folder.path() / "r/rows/untied:optimizer=muon-s0/network.recursion"));
  // A run of train has a page too.
  done_in(folder, "report t --out p.html");
  CHECK(read_file(folder.path() / "p.html").find("rec:2(4;tanh:4,relu:2;sigmoid:2)") != std::string::npos);
}

TEST_CASE("a comparison of layers goes on with recursions; its rows stay") {
  const TemporaryFolder folder;
  const std::string compare =
      "compare @face --budget quick --steps 20 --size 12 --seeds 1 --arch '2;tanh:4' --quiet --out r ";
  done_in(folder, compare + "--methods dense-adam");
  const std::string before = read_file(folder.path() / "r/rows/dense-adam-s0/row.json");
  const auto written = fs::last_write_time(folder.path() / "r/rows/dense-adam-s0/row.json");
  CHECK(before.find("reason") == std::string::npos);
  done_in(folder, compare + "--methods dense-adam,tied,tied:recursion='rec:2(3;tanh:4,relu:2)'");
  CHECK(fs::last_write_time(folder.path() / "r/rows/dense-adam-s0/row.json") == written);
  CHECK(cell_of(folder.path() / "r/results.csv", "tied-s0", "arch") ==
        "rec:3(6;relu:16,tanh:8;steep-sigmoid:4)");
  CHECK(cell_of(folder.path() / "r/results.csv", "tied:recursion=rec:2(3;tanh:4,relu:2)-s0", "arch") ==
        "rec:2(3;tanh:4,relu:2)");
  refused(folder, compare + "--methods dense-adam,tied --recursion 'rec:2(3;tanh:4)'", "recursion");
}

TEST_CASE("what a recursion of a row cannot be is refused in one line") {
  const TemporaryFolder folder;
  const std::string compare =
      "compare @face --budget quick --steps 20 --size 12 --seeds 1 --out r --methods ";
  refused(folder, compare + "dense-adam --recursion 'rec:2(3;tanh:4)'",
          "--recursion is used only where a row is a recursion");
  refused(folder, compare + "tied --recursion '12;tanh:4'", "must begin with rec:");
  refused(folder, compare + "tied --recursion 'rec:0(3;tanh:4)'", "rounds");
  refused(folder, compare + "tied --recursion 'untied:2(3;tanh:4)'", "must be a tied one");
  refused(folder, compare + "tied,untied --recursion 'rec:4(3;tanh:3)'",
          "divides its 3 tanh units between 4");
  refused(folder, compare + "tied --batch-pixels 5", "fitted to all pixels");
  refused(folder, compare + "tied:rewind-step=5", "a recursion");
  refused(folder, "regime @face --methods dense-adam,tied --seeds 2 --out r", "no number of layers");
  CHECK_FALSE(fs::exists(folder.path() / "r"));
}

TEST_CASE(
    "a recursion that diverges is tried again at a tenth of the rate, one of one colour is not measured") {
  const TemporaryFolder folder;
  const auto rows = done_in(folder,
                            "compare @face --budget quick --steps 40 --size 12 --seeds 1 --json --out r "
                            "--methods tied:lr=1e30,untied:init-scale=1e-9:lr=1e-12,tied" +
                                std::string(tiny_block))
                        .json()["rows"];
  REQUIRE(rows.size() == 3);
  for (const auto& row : rows) {
    CAPTURE(row.dump());
    const std::string name = row["name"];
    if (name == "tied") CHECK(row["status"] == "done");
    else if (name == "tied:lr=1e30") {
      CHECK(row["status"] == "diverged");
      CHECK(row["network"] == "");
      CHECK_FALSE(fs::exists(folder.path() / "r/rows/tied:lr=1e30-s0/network.recursion"));
    } else {
      CHECK(row["status"] == "blank");
      CHECK(row["measures"].empty());
      CHECK(row["network"].get<std::string>().ends_with("network.recursion"));
    }
  }
}

TEST_CASE("slow: a comparison killed inside its recursions ends in an uninterrupted run's files") {
  const TemporaryFolder folder;
  const std::string compare =
      "compare @disc --budget quick --steps 6000 --size 12 --seeds 2 --quiet --methods tied,untied" +
      std::string(tiny_block) + " --out ";
  const auto start = std::chrono::steady_clock::now();
  done_in(folder, compare + "whole");
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  CHECK(ended_at_random(folder, compare, "parts", seconds, 4) == 4);
  done_in(folder, compare + "parts");
  same_files(folder, "whole", "parts",
             {"results.csv", "methods.csv", "cross_participation.json", "rows/tied-s0/row.json",
              "rows/tied-s0/network.recursion", "rows/tied-s1/loss.csv", "rows/untied-s1/network.recursion"});
  CHECK_FALSE(fs::exists(folder.path() / "parts/rows/tied-s0/checkpoint"));
}

TEST_CASE("a campaign has rows of recursions on an axis of its own, estimates and repeats them") {
  const TemporaryFolder folder;
  const std::string grid =
      "[campaign]\ntargets = [\"@disc\"]\nmethods = [\"dense-adam\", \"tied\", \"untied\"]\n"
      "recursion = [\"rec:2(3;tanh:4)\", \"rec:3(3;tanh:6)\"]\nbudget = \"quick\"\nsteps = 20\nsize = 12\n"
      "arch = \"2;tanh:4\"\nseeds = 1\n";
  write_file(folder.path() / "grid.toml", grid);
  const auto plan = done_in(folder, "campaign grid.toml --dry-run --json").json();
  CHECK(plan["rows"] == 1 + 2 + 2);
  CHECK(plan["core_hours_estimate"] > 0);
  const auto run = done_in(folder, "campaign grid.toml --out c --json").json();
  CHECK(run["done"] == 5);
  CHECK(run["failed"] == 0);
  CHECK(fs::exists(folder.path() / "c/rows/@disc/untied:recursion=rec:3(3;tanh:6)-s0/network.recursion"));
  CHECK(fs::exists(folder.path() / "c/rows/@disc/dense-adam-s0/network.mlp"));
  CHECK(done_in(folder, "campaign status c --json").json()["waiting"] == 0);
  CHECK(done_in(folder, "campaign grid.toml --out c --json").json()["done"] == 5);
  // Two shards make the same bytes.
  for (const char* shard : {"1/2", "2/2"})
    done_in(folder, "campaign grid.toml --out d --shard " + std::string(shard) + " --threads 1");
  same_files(folder, "c", "d",
             {"results.csv", "rows/@disc/tied:recursion=rec:2(3;tanh:4)-s0/network.recursion"});
}
