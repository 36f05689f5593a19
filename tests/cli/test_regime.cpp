// `skein regime` and `skein predict-depth` as a user meets them.
#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace {

constexpr const char* small =
    " --methods evolved,dense-adam,sp,shuffle,random --keep 0.3 --seeds 2 --steps 30 --size 12 --arch "
    "\"3;cache:3,gaussian:2,sin:2\"";

}  // namespace

TEST_CASE(
    "slow: regime makes every depth and way of connecting, says what scripts rely on, and goes on with "
    "more") {
  const TemporaryFolder folder;
  const std::string command = std::string("regime @disc --out r") + small;
  const Finished run = done_in(folder, command + " --depths 2,4,5 --json");
  const auto json = run.json();
  has_keys(json, {"targets", "out", "measure", "match", "rows"});
  REQUIRE(json["targets"].size() == 1);
  const auto& disc = json["targets"][0];
  has_keys(disc, {"name", "depth", "shape", "peak", "connectivity", "rows"});
  CHECK(disc["depth"].is_null());  // a plain picture has none
  CHECK(disc["rows"] == 3 * 2 * 4);
  has_keys(disc["peak"], {"offset", "low", "high", "p"});
  has_keys(disc["connectivity"], {"effect", "low", "high", "p"});
  CHECK(disc["peak"]["offset"].is_null());
  for (const char* file : {"results.csv", "regime.csv", "shapes.csv", "connectivity.csv", "overall.csv",
                           "optima.csv", "regime.json", "report.html", "figures/regime_@disc.png",
                           "figures/regime_@disc.svg", "figures/regime_@disc.pdf"}) {
    CAPTURE(file);
    CHECK(std::filesystem::exists(folder.path() / "r" / file));
  }
  const std::string results = read_file(folder.path() / "r/results.csv");
  // Again: nothing is made, the same is said. Another depth and thread count: only what is new.
  CHECK(skein_in(folder, command + " --depths 2,4,5 --json").json() == json);
  CHECK(skein_in(folder, command + " --depths 2,4,5,6 --threads 1 --json").json()["targets"][0]["rows"] ==
        4 * 2 * 4);
  const Finished so_far = skein_in(folder, command + " --depths 2,4,5,6,7 --so-far --json");
  CHECK(so_far.json()["targets"][0]["rows"] == 4 * 2 * 4);
  CHECK(so_far.json()["targets"][0]["planned"] == 5 * 2 * 4);
  CHECK(skein_in(folder, command + " --depths 2,4,5 --steps 31").code == 2);
  // A campaign like any other: how many networks there are is said, though nobody estimated what they cost.
  const auto status = done_in(folder, "campaign status r --json").json();
  CHECK(status["rows"] == 4 * 2 * 4);
  CHECK(status["done"] == 4 * 2 * 4);
  CHECK(status["hours_left"] == 0);
  CHECK(status["core_hours_estimate"].is_null());
  CHECK(done_in(folder, "campaign status r").out.starts_with("32 of 32 rows done"));
  // The table that it leaves is one that depths can be predicted from, once it has enough targets.
  const Finished few = skein_in(folder, "predict-depth @disc --table r/optima.csv --json");
  CHECK(few.json()["targets"] == 1);
  CHECK(few.json()["depth"].is_null());
}

TEST_CASE(
    "slow: a genome's own depth is among the depths, offsets count from it, evolved networks stand there") {
  const TemporaryFolder folder;
  const std::string flags = " --methods evolved,dense-adam --seeds 2 --steps 20 --size 12 --json --out ";
  const auto depths = skein_in(folder, "regime @dawn --depths 2,9" + flags + "a").json()["targets"][0];
  REQUIRE(depths["depth"].is_number());
  const int own = depths["depth"].get<int>();
  CHECK(depths["rows"] == 1 + 2 * (own == 2 || own == 9 ? 2 : 3));
  const auto offsets = skein_in(folder, "regime @dawn --offsets 1,3" + flags + "b").json()["targets"][0];
  CHECK(offsets["rows"] == 1 + 2 * 3);
  CHECK(offsets["peak"]["offset"].is_number());
}

TEST_CASE("slow: at matched loss what never comes under the bar is counted and has no numbers") {
  const TemporaryFolder folder;
  const std::string command = "regime @disc --depths 2,4 --match loss --json" + std::string(small);
  const auto never = skein_in(folder, command + " --bar 1e-9 --out n").json();
  CHECK(never["never_share"] == 1.0);
  CHECK(never["targets"][0]["shape"] == "inconclusive");
  const std::string said = skein_in(folder, "regime @disc --depths 2,4 --match loss" + std::string(small) +
                                                " --bar 1e-9 --so-far --out n")
                               .out;
  CHECK(said.find("never came under the bar") != std::string::npos);
  CHECK(said.find("nan") == std::string::npos);
  const auto all = skein_in(folder, command + " --bar 10 --out a").json();
  CHECK(all["never_share"] == 0.0);
  const std::string results = read_file(folder.path() / "a/results.csv");
  CHECK(results.find("dense-adam") != std::string::npos);
}

TEST_CASE("regime refuses in one line what cannot be") {
  const TemporaryFolder folder;
  refused(folder, "regime @disc --out r --depths ''", "--depths");
  refused(folder, "regime @disc --out r --depths 8,4", "must rise");
  refused(folder, "regime @disc --out r --depths 5..2", "there are none");
  refused(folder, "regime @disc --out r --depths 0,4", "depths");
  refused(folder, "regime @disc --out r --offsets 3..1", "there are none");
  refused(folder, "regime @disc --out r --depths 2 --offsets 1", "exclude each other");
  refused(folder, "regime @disc --out r --seeds 1", "two or more");
  refused(folder, "regime @disc --out r --keep 0", "keep");
  refused(folder, "regime @disc --out r --match loss", "--bar");
  refused(folder, "regime @disc --out r --bar .1", "--match loss");
  refused(folder, "regime @disc --out r --match depth", "steps and loss");
  refused(folder, "regime @disc --out r --widths narrow", "equal and weights");
  refused(folder, "regime @disc --out r --measure beauty", "compositional_score");
  refused(folder, "regime @disc --out r --methods nonsense", "unknown");
  refused(folder, "regime @nobody --out r", "no built-in target 'nobody'");
  refused(folder, "regime @disc", "--out");
  CHECK_FALSE(std::filesystem::exists(folder.path() / "r"));
}

TEST_CASE("predict-depth says what it rests on, and refuses what is no table") {
  const TemporaryFolder folder;
  const Finished run = done_in(folder, "predict-depth @cat --json");
  has_keys(run.json(), {"depth", "low", "high", "targets", "better_than_baseline"});
  write_file(folder.path() / "bad.csv", "a,b\n1,2\n");
  const Finished bad = skein_in(folder, "predict-depth @cat --table bad.csv");
  CHECK(bad.code == 1);
  CHECK(is_one_line(bad.err));
  CHECK(bad.err.find("bad.csv") != std::string::npos);
  CHECK(skein_in(folder, "predict-depth nothing.png").code != 0);
}
