// `skein compare` as a user meets it: rows, what is added later, kills, divergence, odd targets and full
// disks.
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <vector>

#include "experiments/targets/sketch.hpp"
#include "lib/picture/image.hpp"
#include "neat/files/genome_file.hpp"
#include "tests/cli/ended_at_random.hpp"
#include "tests/cli/run_skein.hpp"
#include "tests/support/small_jpeg.hpp"

using namespace skein;
using namespace skein::test;

namespace {

namespace fs = std::filesystem;

constexpr const char* small_arch = " --arch '4;cache:4,gaussian:2,sin:2'";

/// Every file below a folder with its bytes, but for what tells of time, of the command line and of the
/// folder.
std::map<std::string, std::string> contents_of(const fs::path& folder) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = fs::relative(entry.path(), folder).string();
    if (!entry.is_regular_file() || name == "metrics.jsonl" || name == "config.toml" || name == ".lock" ||
        name == "report.html")
      continue;
    contents[name] = read_file(entry.path());
  }
  return contents;
}

/// results.json without the command line.
nlohmann::json results_in(const fs::path& run) {
  auto json = nlohmann::json::parse(read_file(run / "results.json"));
  json.erase("command");
  return json;
}

/// 83 nodes in 33 layers, those of the inputs and outputs counted: a chain of 31, and beside it nodes that
/// each read one link of the chain and are read by the next but one.
neat::AnnotatedGenome deep_genome() {
  using enum Activation;
  using S = experiments::Sketch;
  S sketch("deep");
  constexpr Activation kinds[] = {gaussian, sin, identity, sigmoid};
  std::vector<neat::Marking> chain{S::x}, beside;
  for (std::size_t i = 0; i < 31; ++i) {
    chain.push_back(sketch.node(kinds[i % 4], {{chain.back(), 0.9}, {i % 2 ? S::y : S::bias, 0.3}}));
    if (beside.size() > 1) sketch.link(chain.back(), {{beside[beside.size() - 2], 0.4}});
    for (std::size_t n = 0; n < (i < 15 ? 2u : 1u) && i < 30; ++n)
      beside.push_back(sketch.node(kinds[(i + n) % 4], {{chain[i], 0.7}, {S::d, 0.1}}));
  }
  sketch.link(S::hue, {{beside.back(), 0.2}});
  sketch.link(S::saturation, {{chain[30], 0.3}});
  sketch.link(S::brightness, {{chain.back(), 0.7}});
  return std::move(sketch).finish();
}

}  // namespace

TEST_CASE("compare makes its rows, adds a seed later, and recomputes nothing") {
  const TemporaryFolder folder;
  const std::string compare =
      "compare @face --budget quick --steps 20 --size 16 --methods evolved,dense-adam,retrained --json --out "
      "r";
  const Finished run = done_in(folder, compare + " --seeds 1");
  REQUIRE(run.json()["rows"].size() == 3);
  const auto rows = run.json()["rows"];
  for (const auto& row : rows)
    has_keys(row, {"name", "seed", "nonzero", "loss", "psnr", "compositional_score", "cross_participation"});
  for (const char* file :
       {"results.csv", "results.json", "target.png", "report.html", "DONE", "rows/evolved/network.mlp"})
    CHECK(std::filesystem::exists(folder.path() / "r" / file));
  const auto written = std::filesystem::last_write_time(folder.path() / "r/rows/dense-adam-s0/row.json");
  const Finished more = done_in(folder, compare + " --seeds 2");
  CHECK(more.json()["rows"].size() == 5);
  CHECK(std::filesystem::last_write_time(folder.path() / "r/rows/dense-adam-s0/row.json") == written);
  CHECK(skein_in(folder, compare + " --seeds 2").code == 0);
}

TEST_CASE("compare cuts its rows from one dense parent, every network with the same steps in all") {
  const TemporaryFolder folder;
  const std::string compare =
      "compare @face --budget quick --steps 60 --size 16 --seeds 1 --arch '4;cache:4,gaussian:2,sin:2' "
      "--json "
      "--keep 90 ";
  const Finished run =
      done_in(folder, compare +
                          "--out r --methods "
                          "dense-adam,sp,lottery,wanda,llm-pruner,magnitude,random,shuffle,weight-sparse");
  const auto rows = run.json()["rows"];
  REQUIRE(rows.size() == 9);
  std::int64_t sp_weights = 0;
  for (const auto& row : rows) {
    CAPTURE(row.dump());
    // A shuffle of so few weights may draw one colour after so few steps, and is then tried at another rate.
    CHECK((row["status"] == "done" || (row["method"] == "shuffle" && row["status"] == "retried")));
    CHECK(row["steps"] == 60);
    if (row["method"] == "dense-adam") continue;
    CHECK(row["asked"] == 90);
    if (row["method"] == "sp") sp_weights = row["weights"];
    if (row["method"] == "llm-pruner") CHECK(row["weights"] <= 90);
    else CHECK(row["weights"] == 90);
    has_keys(row, {"units_alive", "depth_used", "edge_f1", "edge_f1_chance", "compositional_score"});
  }
  CHECK(sp_weights == 90);
  CHECK(std::filesystem::exists(folder.path() / "r/rows/sp-90-s0/round_01.png"));
  // What was trained alone first is what goes on from a parent: the dense row is the same either way.
  const Finished alone = skein_in(folder, compare + "--methods dense-adam --out q");
  CHECK(read_file(folder.path() / "q/rows/dense-adam-s0/network.mlp") ==
        read_file(folder.path() / "r/rows/dense-adam-s0/network.mlp"));
  const Finished rewound = skein_in(folder, compare + "--methods lottery --rewind-step 5 --out w");
  CAPTURE(rewound.out);
  CHECK(rewound.json()["rows"][0]["status"] == "done");
  const Finished refused = skein_in(folder, compare + "--methods dense-adam --out r --lr 1e-3");
  CHECK(refused.code == 2);
  CHECK(is_one_line(refused.err));
}

TEST_CASE("slow: compare killed at five moments and repeated ends in an uninterrupted run's results") {
  const TemporaryFolder folder;
  const std::string compare =
      "compare @face --budget quick --steps 4200 --size 12 --seeds 2 --keep 90,40 --quiet"
      " --methods evolved,dense-adam,retrained,sp,lottery,magnitude,shuffle" +
      std::string(small_arch) + " --out ";
  const auto start = std::chrono::steady_clock::now();
  const Finished whole = done_in(folder, compare + "whole");
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  CHECK(ended_at_random(folder, compare, "parts", seconds, 5) == 5);
  done_in(folder, compare + "parts");
  CHECK(results_in(folder.path() / "whole") == results_in(folder.path() / "parts"));
  auto expected = contents_of(folder.path() / "whole"), found = contents_of(folder.path() / "parts");
  for (auto* run : {&expected, &found}) run->erase("results.json");
  CHECK(expected.size() == found.size());
  for (const auto& [name, bytes] : expected) {
    CAPTURE(name);
    CHECK(found[name] == bytes);
  }
}

TEST_CASE("a row that diverges is marked, retried at a tenth of the rate, and the others go on") {
  const TemporaryFolder folder;
  const Finished run =
      done_in(folder,
              "compare @face --budget quick --steps 40 --size 12 --seeds 1 --keep 90 --json --out r "
              "--methods dense-adam,dense-relu:lr=1e30,dense-relu:lr=1e7,sp:lr=1e30,sp" +
                  std::string(small_arch));
  const auto rows = run.json()["rows"];
  for (const auto& row : rows) {
    CAPTURE(row.dump());
    const std::string name = row["name"];
    const std::string status = row["status"];
    if (name == "dense-adam" || name == "sp-90") CHECK(status == "done");
    if (name == "dense-relu:lr=1e7") {
      CHECK(status == "retried");
      CHECK(row["learning_rate"] == 1e6);
      CHECK(row["loss"] > 0);
    }
    if (name == "dense-relu:lr=1e30") {
      CHECK(status == "diverged");
      CHECK(row["loss"].is_null());
      CHECK(row["note"].get<std::string>().find("step") != std::string::npos);
    }
    if (name == "sp-90:lr=1e30") {
      CHECK(status == "failed");
      CHECK(row["note"].get<std::string>().find("its dense parent failed twice") != std::string::npos);
    }
  }
  CHECK(rows.size() == 5);
}

TEST_CASE("a network that draws one colour is retried like one that diverged, and then not measured") {
  const TemporaryFolder folder;
  const Finished run = done_in(folder,
                               "compare @face --budget quick --steps 60 --size 12 --seeds 2 --json --out r "
                               "--methods dense-adam:init-scale=1e-9:lr=1e-12,dense-adam" +
                                   std::string(small_arch));
  const auto rows = run.json()["rows"];
  CHECK(rows.size() == 4);
  for (const auto& row : rows) {
    CAPTURE(row.dump());
    if (row["name"] == "dense-adam") CHECK(row["status"] == "done");
    else {
      CHECK(row["status"] == "blank");
      CHECK(row["note"] == "draws one colour after 60 steps, at a tenth of the rate too");
      CHECK(row["learning_rate"].get<double>() == doctest::Approx(1e-13));
      CHECK(row["loss"].is_number());
      CHECK(row["measures"].empty());
    }
  }
}

TEST_CASE("slow: odd targets give defined results: tiny, large, constant, a photograph, a deep genome") {
  const TemporaryFolder folder;
  write_file(folder.path() / "photo.jpg", test::encode_jpeg(test::photograph_like(150, 100)));
  write_png(folder.path() / "tiny.png", to_image(resize(to_picture(test::photograph_like(64, 64)), 16, 16)));
  write_png(folder.path() / "large.png", test::photograph_like(2048, 1536));
  write_png(folder.path() / "flat.png", Image(24, 24, 90));
  neat::write_genome(folder.path() / "deep.json", deep_genome());
  const auto info = skein_in(folder, "info deep.json --json").json();
  CHECK(info["nodes"] == 83);
  CHECK(info["depth"] == 32);
  for (const std::string target : {"photo.jpg", "tiny.png", "large.png", "flat.png", "deep.json"}) {
    CAPTURE(target);
    const bool deep = target == "deep.json";
    const Finished run = done_in(
        folder,
        "compare " + target + " --budget quick --steps 40 --seeds 1 --json --keep 0.5 --out " + target +
            ".run" + (target == "tiny.png" || target == "large.png" ? "" : " --size 24") +
            (deep ? " --methods evolved,dense-adam,retrained,shuffle-evolved,magnitude" : small_arch));
    const auto result = run.json();
    CHECK(result["rows"].size() == (deep ? 5 : 4));
    for (const auto& row : result["rows"]) {
      CAPTURE(row.dump());
      CHECK((row["status"] == "done" || (deep && row["status"] == "blank")));
      CHECK(row["loss"].is_number());
    }
    CHECK(fs::file_size(folder.path() / (target + ".run") / "report.html") < std::size_t{15} << 20);
    if (target == "large.png") CHECK(result["width"] == 128);
    if (target == "large.png") CHECK(result["height"] == 96);
    if (target == "tiny.png") CHECK(result["width"] == 16);
  }
}

TEST_CASE(
    "a disk without space and a folder that cannot be written are one line each, and the run can go on") {
  const TemporaryFolder folder;
  const std::string compare =
      "compare @face --budget quick --steps 40 --size 12 --seeds 1 --keep 90 --quiet" +
      std::string(small_arch) + " --out ";
  for (const int blocks :
       {4, 16, 64}) {  // of 512 bytes or 1 KiB, as the shell has it: the most a file may take
    CAPTURE(blocks);
    const Finished full = skein_in(folder, compare + "full", "ulimit -f " + std::to_string(blocks) + " &&");
    CHECK(full.code == 1);
    CAPTURE(full.err);
    CHECK(is_one_line(full.err));
    CHECK_FALSE(fs::exists(folder.path() / "full/DONE"));
  }
  CHECK(skein_in(folder, compare + "full").code == 0);
  for (const char* place : {"/proc/run", "/dev/full/run", "/dev/full"}) {
    CAPTURE(place);
    const Finished refused = skein_in(folder, compare + place);
    CHECK(refused.code != 0);
    CAPTURE(refused.err);
    CHECK(is_one_line(refused.err));
  }
}

TEST_CASE(
    "what lies in a row's folder and is not the row's own is passed over, a damaged record made again") {
  const TemporaryFolder folder;
  const std::string compare =
      "compare @face --budget quick --steps 60 --size 12 --seeds 1 --keep 90 --methods "
      "dense-adam,sp,magnitude" +
      std::string(small_arch) + " --out ";
  done_in(folder, compare + "whole");
  done_in(folder, compare + "parts");
  const fs::path rows = folder.path() / "parts/rows";
  const std::string foreign = read_file(folder.path() / "whole/rows/magnitude-90-s0/network.mlp");
  fs::remove(folder.path() / "parts/DONE");
  fs::remove(rows / "sp-90-s0/row.json");
  for (const char* file : {"round_01.mlp", "network.mlp", "checkpoint", "round_01.checkpoint"})
    write_file(rows / "sp-90-s0" / file, foreign);
  const std::string record = read_file(rows / "dense-adam-s0/row.json");
  write_file(rows / "dense-adam-s0/row.json", record.substr(0, record.size() / 2));
  write_file(rows / "dense-adam-s0/parent.mlp", foreign);
  // The record of one row in the folder of another.
  write_file(rows / "magnitude-90-s0/row.json", record);
  const Finished again = done_in(folder, compare + "parts");
  CHECK(read_file(folder.path() / "parts/results.csv") == read_file(folder.path() / "whole/results.csv"));
  for (const char* row : {"sp-90-s0", "dense-adam-s0", "magnitude-90-s0"})
    CHECK(read_file(rows / row / "row.json") == read_file(folder.path() / "whole/rows" / row / "row.json"));
}

TEST_CASE(
    "a row that cannot be made for a reason outside it leaves the others alone, and is made by the same "
    "command") {
  const TemporaryFolder folder;
  const std::string compare =
      "compare @face --budget quick --steps 60 --size 12 --seeds 1 --keep 90 --quiet" +
      std::string(small_arch) + " --out ";
  done_in(folder, compare + "whole --methods dense-adam,sp,magnitude,random");
  done_in(folder, compare + "r --methods dense-adam");
  const fs::path in_the_way = folder.path() / "r/rows/sp-90-s0";
  write_file(in_the_way, "a file where a folder should be");
  const Finished hindered = skein_in(folder, compare + "r --methods dense-adam,sp,magnitude,random");
  CHECK(hindered.code == 1);
  CHECK(is_one_line(hindered.err));
  CHECK(hindered.err.find("sp-90-s0") != std::string::npos);
  CHECK(fs::exists(folder.path() / "r/rows/magnitude-90-s0/row.json"));
  CHECK_FALSE(fs::exists(folder.path() / "r/rows/random-90-s0/row.json"));
  CHECK_FALSE(fs::exists(folder.path() / "r/DONE"));
  fs::remove(in_the_way);
  done_in(folder, compare + "r --methods dense-adam,sp,magnitude,random");
  CHECK(read_file(folder.path() / "r/results.csv") == read_file(folder.path() / "whole/results.csv"));
}
