// `skein basin` as a user meets it: keys, files, threads, kill and resume, what it refuses.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "lib/picture/image.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace fs = std::filesystem;

namespace {

const std::string quick_basin =
    "basin @dawn --wirings evolved,shuffle,random --starts 6 --steps 60 --size 16 --copies 2 --noise .05,.5 ";
constexpr auto basin_files = {"starts.csv", "census.csv",   "arrivals.csv",
                              "radius.csv", "half_way.csv", "basin.png"};

}  // namespace

TEST_CASE("basin counts arrivals and returns, the same on any number of threads") {
  const TemporaryFolder folder;
  const Finished one = done_in(folder, quick_basin + "--bar .05 --json --threads 1 --out a");
  has_keys(one.json(), {"wirings", "radius", "bar", "core_hours", "out"});
  REQUIRE(one.json()["wirings"].size() == 3);
  for (const auto& wiring : one.json()["wirings"]) {
    has_keys(wiring, {"name", "weights", "starts", "arrived", "share", "low", "high"});
    CHECK(wiring["starts"] == 6);
    CHECK(wiring["weights"] == one.json()["wirings"][0]["weights"]);
    CHECK(wiring["low"] <= wiring["share"]);
    CHECK(wiring["share"] <= wiring["high"]);
  }
  REQUIRE(one.json()["radius"].size() == 3);
  for (const auto& radius : one.json()["radius"]) has_keys(radius, {"network", "half_way", "low", "high"});
  CHECK(one.json()["radius"][0]["network"] == "evolved");
  for (const char* file : {"basin.json", "basin.svg", "basin.pdf", "DONE"})
    CHECK(fs::exists(folder.path() / "a" / file));
  done_in(folder, quick_basin + "--bar .05 --quiet --threads 2 --out b");
  same_files(folder, "a", "b", basin_files);
  CHECK(skein_in(folder, quick_basin + "--bar .05 --json --quiet --out a").json() == one.json());
}

TEST_CASE("basin goes on where it was killed, and takes more starts") {
  const TemporaryFolder folder;
  const std::string more =
      "basin @dawn --starts 12 --steps 60 --size 16 --copies 2 --noise .05,.5 --bar .05 --quiet";
  done_in(folder, more + " --out whole");
  WARN(killed_at(folder, more, "parts", "metrics.jsonl"));
  append_to_file(folder.path() / "parts/metrics.jsonl", "{\"start\":3,\"wiring\":\"evol");
  done_in(folder, more + " --out parts");
  same_files(folder, "whole", "parts", basin_files);
  done_in(folder, quick_basin + "--bar .05 --quiet --out grown");
  done_in(folder, more + " --out grown");
  same_files(folder, "whole", "grown", basin_files);
}

TEST_CASE("slow: basin walks by minibatches from the evolved network and its twins") {
  const TemporaryFolder folder;
  const std::string begun =
      "basin @dawn --starts 1 --steps 20 --size 16 --copies 0 --mechanisms off --json --out a";
  CHECK(done_in(folder, begun).json()["minibatches"].empty());
  const Finished walked = done_in(folder, begun + " --minibatches 16 --minibatch-rates .01");
  const auto walks = walked.json()["minibatches"];
  REQUIRE(walks.size() == 4 * (3 + 1));
  for (const auto& walk : walks) {
    has_keys(walk, {"network", "rate", "pixels", "seed", "moved", "loss_before", "loss_after"});
    has_keys(walk, {"score_before", "score_after", "participation_before", "participation_after"});
    CHECK(walk["loss_before"] < 1e-6);
    CHECK(walk["moved"] > 0);
  }
  CHECK(walks[0]["network"] == "evolved");
  CHECK(walks[3]["pixels"] == "all");
  const std::string table = read_file(folder.path() / "a/minibatches.csv", 1 << 20);
  CHECK(std::ranges::count(table, '\n') == 1 + 16);
}

TEST_CASE("basin refuses what cannot be, in one line") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& arguments, const std::string& part, int code = 2) {
    CAPTURE(arguments);
    const Finished run = skein_in(folder, "basin " + arguments + " --out r");
    CAPTURE(run.err);
    CHECK(run.code == code);
    CHECK(is_one_line(run.err));
    CHECK(run.err.find(part) != std::string::npos);
    CHECK(!fs::exists(folder.path() / "r"));
  };
  refused("@dawn --starts 0", "at least 1");
  refused("@dawn --bar 0.9", "plain colour");
  refused("@dawn --bar 0", "above 0");
  refused("@dawn --noise 0", "noise");
  refused("@dawn --noise .1,.1", "twice");
  refused("@dawn --copies -1", "--copies");
  refused("@dawn --wirings evolved,evolved", "twice");
  refused("@dawn --from dense", "--wirings");
  refused("@disc --wirings evolved", "without a genome");
  refused("@disc --wirings dense --from evolved", "without a genome");
  refused("@disc --wirings dense --disturb parts", "parts of the target");
  refused("@dawn --from moon", "allowed are");
  refused("@dawn --minibatches 0", "at least 1 pixel");
  refused("@dawn --minibatches 16,8,16", "16 is given twice");
  refused("@dawn --minibatches 16 --minibatch-rates .01,.01", "0.01 is given twice");
  refused("@dawn --minibatches 300 --size 16", "the target has 256 pixels");
  refused("@dawn --minibatches 16 --minibatch-rates 0", "must be above 0");
  refused("@dawn --minibatch-rates .01", "--minibatch-rates is used only");
  refused("@disc --wirings dense --minibatches 16", "without a genome");
  refused("@dawn --labels none.csv", "none.csv", 1);
  refused("@dawn --optimizer lm --lr 1e-3", "--lr is used only");
  refused("@face --wirings dense --optimizer lm", "at most 300");
  write_png(folder.path() / "plain.png", Image(8, 8, 90));
  refused("plain.png --wirings dense", "one colour");
}

TEST_CASE("basin refuses a wiring without weights") {
  const TemporaryFolder folder;
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("1;sin:2"), picture_signature());
  for (auto& mask : mlp.wiring.masks) std::ranges::fill(mask, std::uint8_t{0});
  sgd::write_mlp(folder.path() / "nothing.mlp", mlp);
  const Finished run = skein_in(folder, "basin @dawn --wirings nothing.mlp --out r");
  CAPTURE(run.err);
  CHECK(run.code == 2);
  CHECK(is_one_line(run.err));
  CHECK(run.err.find("nothing.mlp: has no weights to train") != std::string::npos);
  CHECK(!fs::exists(folder.path() / "r"));
}

TEST_CASE("basin --gather puts finished runs together, and refuses what is none") {
  const TemporaryFolder folder;
  const std::string quick =
      " --starts 3 --steps 20 --size 12 --copies 2 --noise .05,.5 --mechanisms off --quiet ";
  done_in(folder, "basin @dawn" + quick + "--out dawn");
  done_in(folder, "basin @dawn --init-scale 2 --wirings evolved,random" + quick + "--out wide");
  const Finished both = done_in(folder, "basin --gather dawn,wide --json --out all");
  REQUIRE(both.json()["runs"].size() == 2);
  CHECK(both.json()["core_hours"].get<double>() > 0);
  const std::string census = read_file(folder.path() / "all/census.csv", 1 << 20);
  CHECK(std::ranges::count(census, '\n') == 1 + 3 + 2);
  CHECK(census.starts_with("run,target,"));
  CHECK(census.find("\nwide,@dawn,") != std::string::npos);
  const std::string half_way = read_file(folder.path() / "all/half_way.csv", 1 << 20);
  CHECK(std::ranges::count(half_way, '\n') == 1 + 3 + 3);
  CHECK(fs::exists(folder.path() / "all/basins.png"));
  refused(folder, "basin --gather dawn,wide --out all", "census.csv");
  refused(folder, "basin --gather dawn,dawn --out b", "two runs");
  refused(folder, "basin --gather all --out b", "no finished run");
  refused(folder, "basin @dawn --gather dawn --out b", "--gather");
  refused(folder, "basin --gather dawn --starts 3 --out b", "without --gather");
  refused(folder, "basin --out b", "TARGET");
  CHECK(!fs::exists(folder.path() / "b"));
}

TEST_CASE("volume --practice trains what it counts, goes on with more, and refuses what would do nothing") {
  const TemporaryFolder folder;
  const std::string practice =
      "volume --primitives 3 --widths 6,8 --depths 1,2 --samples 200 --sketches 2 --steps 30 --size 16 "
      "--bar-share .9 --quiet ";
  const Finished one = done_in(folder, practice + "--starts 2 --threads 1 --json --practice a");
  has_keys(one.json(), {"cells", "agreement", "primitives", "out"});
  REQUIRE(one.json()["cells"].size() == 4);
  for (const auto& cell : one.json()["cells"]) {
    has_keys(cell, {"width", "depth", "compositional", "low", "high", "starts", "arrived", "factored"});
    CHECK(cell["starts"] == 4);
  }
  const auto files = {"practice.csv", "starts.csv", "agreement.csv", "practice.png"};
  done_in(folder, practice + "--starts 3 --practice a");
  done_in(folder, practice + "--starts 3 --threads 2 --practice b");
  same_files(folder, "a", "b", files);
  for (const char* file : {"practice.json", "practice.svg", "practice.pdf", "DONE", "targets"})
    CHECK(fs::exists(folder.path() / "a" / file));
  refused(folder, "volume --starts 3", "--practice");
  refused(folder, "volume --practice r --widths 3 --depths 1", "inputs");
  refused(folder, "volume --practice r --widths 8 --depths 1 --starts 0", "--starts");
  refused(folder, "volume --practice r --widths 16 --depths 1 --primitives 9", "--targets");
  refused(folder, "volume --practice r --widths 8 --depths 1 --targets @face", "parts");
  refused(folder, "volume --practice r --widths 8 --depths 1 --targets @face --sketches 2", "--targets");
  CHECK(!fs::exists(folder.path() / "r"));
}
