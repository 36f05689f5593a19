// `skein campaign` as a user meets it: one process, several at once, killed, paused and overtaken; what is refused.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <thread>
#include <vector>

#include "lib/base/random.hpp"
#include "tests/cli/background.hpp"
#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace {

namespace fs = std::filesystem;

/// A grid of tiny rows.
void write_grid(const TemporaryFolder& folder, const std::string& more = "seeds = 2\n",
                const std::string& name = "grid.toml") {
  write_file(
      folder.path() / name,
      "[campaign]\ntargets = [\"@face\", \"@sunset\"]\nmethods = [\"evolved\", \"dense-adam\", "
      "\"magnitude\"]\n"
      "keep = [\"40\"]\nbudget = \"quick\"\nsteps = 20\nsize = 12\narch = \"2;cache:4,gaussian:2,sin:2\"\n" +
          more);
}

std::string results_of(const TemporaryFolder& folder, const std::string& run) {
  return read_file(folder.path() / run / "results.csv");
}

/// Everything in a folder with the times of its last changes.
std::set<std::pair<std::string, fs::file_time_type>> state_of(const fs::path& folder) {
  std::set<std::pair<std::string, fs::file_time_type>> state;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) state.emplace(entry.path().string(), entry.last_write_time());
  return state;
}

/// A grid of rows as small as they can be.
void write_tiny(const TemporaryFolder& folder, const std::string& more) {
  write_file(
      folder.path() / "grid.toml",
      "[campaign]\ntargets = [\"@face\", \"@sunset\"]\nmethods = [\"evolved\", \"dense-adam\", \"sp\", "
      "\"random\", \"magnitude\"]\nkeep = [9]\nbudget = \"quick\"\nsteps = 20\nsize = 16\n"
      "arch = \"1;sin:2\"\n" +
          more);
}

/// One process works to the end; others beside it are killed at random moments, `apart` milliseconds apart at most. The
/// results are those of `whole`.
void end_in_the_same(const TemporaryFolder& folder, int kills, std::uint64_t apart) {
  const std::vector<std::string> command{"campaign",  "grid.toml", "--out",  "parts",
                                         "--threads", "1",         "--quiet"};
  Background steady(folder, command);
  RandomStream random(5, "moments");
  for (int kill = 0; kill < kills; ++kill) {
    Background other(folder, command);
    std::this_thread::sleep_for(std::chrono::milliseconds(100 + random.below(apart)));
    other.send(SIGKILL);
    other.wait();
  }
  CHECK(steady.wait() == 0);
  const Finished last = skein_in(folder, "campaign grid.toml --out parts --json");
  CHECK(last.json()["complete"] == true);
  CHECK(results_of(folder, "parts") == results_of(folder, "whole"));
  for (const auto& entry : fs::recursive_directory_iterator(folder.path() / "parts"))
    CHECK_MESSAGE(entry.path().string().find(".gone-") == std::string::npos, entry.path().string());
}

}  // namespace

TEST_CASE("a campaign makes every row once, adds only what an axis gains, and says where it stands") {
  const TemporaryFolder folder;
  write_grid(folder, "seeds = 1\n");
  const Finished plan = skein_in(folder, "campaign grid.toml --dry-run --json");
  CAPTURE(plan.err);
  REQUIRE(plan.code == 0);
  CHECK(plan.json()["rows"] == 6);
  CHECK(plan.json()["done"] == 0);
  CHECK(plan.json()["core_hours_estimate"] > 0);
  CHECK_FALSE(fs::exists(folder.path() / "r"));
  const Finished run = skein_in(folder, "campaign grid.toml --out r --json");
  CAPTURE(run.err);
  REQUIRE(run.code == 0);
  has_keys(run.json(),
           {"rows", "done", "failed", "running", "waiting", "core_hours_estimate", "core_hours", "out"});
  CHECK(run.json()["done"] == 6);
  CHECK(run.json()["complete"] == true);
  for (const char* file :
       {"results.csv", "results.json", "methods.csv", "report.html", "DONE", "targets/@face.png",
        "rows/@face/dense-adam-s0/network.mlp", "parents/@sunset/dense-adam-s0/network.mlp"})
    CHECK_MESSAGE(fs::exists(folder.path() / "r" / file), file);
  CHECK_FALSE(fs::exists(folder.path() / "r/claims"));
  const auto before = fs::last_write_time(folder.path() / "r/rows/@face/dense-adam-s0/row.json");
  write_grid(folder, "seeds = 2\n");
  CHECK(skein_in(folder, "campaign grid.toml --out r --dry-run --json").json()["waiting"] == 4);
  const Finished more = skein_in(folder, "campaign grid.toml --out r --json");
  REQUIRE(more.code == 0);
  CHECK(more.json()["done"] == 10);
  CHECK(more.json()["made"] == 4);
  CHECK(fs::last_write_time(folder.path() / "r/rows/@face/dense-adam-s0/row.json") == before);
  const Finished status = skein_in(folder, "campaign status r --json");
  CHECK(status.json()["waiting"] == 0);
  CHECK(status.json()["core_hours"] > 0);
  CHECK(skein_in(folder, "campaign grid.toml --out r").code == 0);
}

TEST_CASE("a campaign of one target has the rows of a comparison, number for number") {
  const TemporaryFolder folder;
  write_file(
      folder.path() / "one.toml",
      "[campaign]\ntargets = [\"@face\"]\nmethods = [\"dense-adam\", \"magnitude\"]\nkeep = [40]\nseeds = 1\n"
      "budget = \"quick\"\nsteps = 20\nsize = 12\narch = \"2;cache:4,gaussian:2,sin:2\"\n");
  REQUIRE(skein_in(folder, "campaign one.toml --out c").code == 0);
  REQUIRE(skein_in(folder,
                   "compare @face --out r --methods dense-adam,magnitude --keep 40 --seeds 1 --budget quick "
                   "--steps 20 --size 12 --arch '2;cache:4,gaussian:2,sin:2'")
              .code == 0);
  auto campaign = nlohmann::json::parse(read_file(folder.path() / "c/results.json"));
  auto compare = nlohmann::json::parse(read_file(folder.path() / "r/results.json"));
  CHECK(campaign["finding"] == compare["finding"]);
  REQUIRE(campaign["rows"].size() == compare["rows"].size());
  for (std::size_t i = 0; i < compare["rows"].size(); ++i)
    for (const char* path : {"network", "picture", "loss_curve"}) {
      campaign["rows"][i].erase(path);
      compare["rows"][i].erase(path);
    }
  CHECK(campaign["rows"] == compare["rows"]);
}

TEST_CASE("shards make their part and together the whole, to the same bytes on any number of threads") {
  const TemporaryFolder folder;
  write_grid(folder, "seeds = 1\n");
  REQUIRE(skein_in(folder, "campaign grid.toml --out whole --threads 1").code == 0);
  REQUIRE(skein_in(folder, "campaign grid.toml --out two --threads 2").code == 0);
  CHECK(results_of(folder, "two") == results_of(folder, "whole"));
  const Finished first = skein_in(folder, "campaign grid.toml --out parts --shard 1/3 --json");
  CAPTURE(first.err);
  CHECK(first.code == 0);
  CHECK(first.json()["complete"] == false);
  CHECK_FALSE(fs::exists(folder.path() / "parts/DONE"));
  CHECK(skein_in(folder, "campaign grid.toml --out parts --shard 3/3").code == 0);
  CHECK(skein_in(folder, "campaign grid.toml --out parts --shard 2/3 --json").json()["complete"] == true);
  CHECK(results_of(folder, "parts") == results_of(folder, "whole"));
}

TEST_CASE("slow: two processes in one folder, one of them killed twice, end in one process's results") {
  const TemporaryFolder folder;
  write_tiny(folder, "seeds = 3\nexclude = [{method = \"magnitude\", target = \"@sunset\", seed = 1}]\n");
  const Finished whole = skein_in(folder, "campaign grid.toml --out whole --threads 1 --json");
  CAPTURE(whole.err);
  REQUIRE(whole.code == 0);
  CHECK(whole.json()["rows"] == 25);
  end_in_the_same(folder, 2, 400);
}

TEST_CASE(
    "deep: 200 rows end in the same bytes on one thread, on two, beside a process that is killed five times, "
    "and "
    "beside one that is paused, overtaken and woken") {
  const TemporaryFolder folder;
  write_tiny(folder, "seeds = 25\n");
  const Finished whole = skein_in(folder, "campaign grid.toml --out whole --threads 1 --json");
  CAPTURE(whole.err);
  REQUIRE(whole.code == 0);
  CHECK(whole.json()["rows"] == 202);
  REQUIRE(skein_in(folder, "campaign grid.toml --out two --threads 2").code == 0);
  CHECK(results_of(folder, "two") == results_of(folder, "whole"));
  end_in_the_same(folder, 5, 4000);
  // One is paused with rows in its hands.
  const fs::path claims = folder.path() / "r/claims";
  Background paused(folder,
                    {"campaign", "grid.toml", "--out", "r", "--threads", "1", "--quiet", "--stale", "2"});
  REQUIRE(comes_true([&] { return fs::exists(folder.path() / "r/rows/@face/dense-adam-s3/row.json"); }));
  REQUIRE(comes_true([&] {
    std::error_code ignored;
    paused.send(SIGSTOP);
    if (fs::exists(claims) && fs::directory_iterator(claims, ignored) != fs::directory_iterator())
      return true;
    paused.send(SIGCONT);
    return false;
  }));
  const Finished other = skein_in(folder, "campaign grid.toml --out r --threads 2 --stale 2 --json");
  CAPTURE(other.err);
  REQUIRE(other.code == 0);
  CHECK(other.json()["complete"] == true);
  CHECK(results_of(folder, "r") == results_of(folder, "whole"));
  const auto before = state_of(folder.path() / "r");
  paused.send(SIGCONT);
  CHECK(paused.wait() == 0);
  CHECK(state_of(folder.path() / "r") == before);
}

TEST_CASE("deep: a process that was paused and overtaken writes nothing when it wakes") {
  const TemporaryFolder folder;
  write_file(folder.path() / "one.toml",
             "[campaign]\ntargets = [\"@face\"]\nmethods = [\"dense-adam\"]\nseeds = 1\nbudget = \"quick\"\n"
             "steps = 20000\nsize = 16\narch = \"2;cache:4,gaussian:2,sin:2\"\n");
  REQUIRE(skein_in(folder, "campaign one.toml --out whole").code == 0);
  Background paused(folder, {"campaign", "one.toml", "--out", "r", "--threads", "1", "--stale", "3"});
  // A training that has written its first checkpoint.
  REQUIRE(comes_true([&] { return fs::exists(folder.path() / "r/rows/@face/dense-adam-s0/checkpoint"); }));
  paused.send(SIGSTOP);
  const Finished other = skein_in(folder, "campaign one.toml --out r --stale 3 --json");
  CAPTURE(other.err);
  REQUIRE(other.code == 0);
  CHECK(other.json()["complete"] == true);
  const auto before = state_of(folder.path() / "r");
  paused.send(SIGCONT);
  CHECK(paused.wait() == 0);
  auto after = state_of(folder.path() / "r");
  std::erase_if(after, [](const auto& file) { return file.first.find("/metrics/") != std::string::npos; });
  auto expected = before;
  std::erase_if(expected, [](const auto& file) { return file.first.find("/metrics/") != std::string::npos; });
  CHECK(after == expected);
  CHECK(results_of(folder, "r") == results_of(folder, "whole"));
}

TEST_CASE("bad campaign files and foreign folders are one line each") {
  const TemporaryFolder folder;
  const std::pair<const char*, const char*> bad[] = {
      {"[campaign]\ntargets = [\"@face\"]\nmethds = [\"sp\"]\n", "the axis 'methds' is unknown"},
      {"[campaign]\ntargets = [\"@face\"]\nseeds = []\n", "the axis 'seeds' is empty"},
      {"[campaign]\ntargets = []\n", "the axis 'targets' is empty"},
      {"[campaign]\nseeds = 2\n", "'targets' is missing"},
      {"[campaign]\ntargets = [\"none/*.png\"]\n", "no file matches"},
      {"[campaign]\ntargets = [\"missing.png\"]\n", "there is no such file"},
      {"[campaign]\ntargets = [\"@face\"]\nlr = [\"x\"]\n", "not such a number"},
      {"[campaign]\ntargets = [\"@face\"]\nseeds = -1\n", "seeds -1"},
      {"[campaign]\ntargets = [\"@face\"]\nexclude = [{methd = \"sp\"}]\n", "no part of a row"},
      {"[campaign]\ntargets = [\"@face\"]\nexclude = [{target = \"@face\"}]\n", "the campaign has no rows"},
      {"[campaign\n", "not TOML at line"},
      {"targets = 1\n", "has no table [campaign]"},
  };
  for (const auto& [text, says] : bad) {
    CAPTURE(text);
    write_file(folder.path() / "bad.toml", text);
    const Finished run = skein_in(folder, "campaign bad.toml --out r");
    CAPTURE(run.err);
    CHECK(run.code != 0);
    CHECK(is_one_line(run.err));
    CHECK(run.err.find(says) != std::string::npos);
    CHECK_FALSE(fs::exists(folder.path() / "r"));
  }
  write_grid(folder, "seeds = 1\n");
  fs::create_directory(folder.path() / "other");
  write_file(folder.path() / "other/mine.txt", "kept");
  CHECK(skein_in(folder, "campaign grid.toml --out other").code == 2);
  CHECK(skein_in(folder, "campaign grid.toml --out other --force").code == 2);
  CHECK(read_file(folder.path() / "other/mine.txt") == "kept");
  CHECK(skein_in(folder, "campaign grid.toml --out r --shard 3/2").code == 2);
  CHECK(skein_in(folder, "campaign status nowhere").code == 1);
  REQUIRE(skein_in(folder, "campaign grid.toml --out r").code == 0);
  write_grid(folder, "seeds = 1\nlr = 1e-3\n");
  const Finished changed = skein_in(folder, "campaign grid.toml --out r");
  CHECK(changed.code == 2);
  CHECK(changed.err.find("lr = null there, \"0.001\" now") != std::string::npos);
  auto record = nlohmann::json::parse(read_file(folder.path() / "r/campaign.json"));
  record["instruction_set"] = "another";
  write_file(folder.path() / "r/campaign.json", record.dump());
  write_grid(folder, "seeds = 2\n");
  CHECK(skein_in(folder, "campaign grid.toml --out r").err.find("--mixed allows it") != std::string::npos);
  CHECK(skein_in(folder, "campaign grid.toml --out r --mixed").code == 0);
}
