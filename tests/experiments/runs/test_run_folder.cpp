#include "experiments/runs/run_folder.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <limits>
#include <set>
#include <string>

#include "experiments/runs/run_config.hpp"
#include "lib/base/file.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

Session session(bool force = false) {
  Session::Options options;
  options.force = force;
  return Session(
      options, {"skein", "train", "a file.png", "--out", "run"}, [](const Progress&) { return true; },
      [](std::string_view) {});
}

RunRequest request(double rate = 3e-3, int seeds = 3) {
  return {"train",
          {{"target", "a file.png"}, {"lr", rate}, {"steps", 100}, {"frozen", false}},
          {{"seeds", seeds}}};
}

}  // namespace

TEST_CASE("a run is started, resumed while unfinished and known once finished") {
  const test::TemporaryFolder temporary;
  const auto folder = temporary.path() / "run";
  { CHECK_FALSE(RunFolder(folder, request(), session()).resumed()); }
  CHECK(command_of_run(folder) == "train");
  CHECK_FALSE(is_finished_run(folder));
  {
    const RunFolder run(folder, request(), session());
    CHECK(run.resumed());
    run.keep_result({{"loss", 0.5}});
    run.finish();
  }
  CHECK(is_finished_run(folder));
  {
    const RunFolder run(folder, request(), session());
    REQUIRE(run.finished_result());
    CHECK((*run.finished_result())["loss"] == 0.5);
  }
  write_file(folder / "left.txt", "x");
  CHECK_FALSE(RunFolder(folder, request(), session(true)).resumed());
  CHECK_FALSE(std::filesystem::exists(folder / "left.txt"));
}

TEST_CASE("a finished run can be extended, not changed") {
  const test::TemporaryFolder temporary;
  const auto folder = temporary.path() / "run";
  {
    const RunFolder run(folder, request(3e-3, 3), session());
    run.keep_result({});
    run.finish();
  }
  CHECK_THROWS_AS(RunFolder(folder, request(1e-3, 3), session()), ConfigError);
  CHECK(RunFolder(folder, request(3e-3, 5), session()).resumed());
}

TEST_CASE("two runs at once in one folder are refused") {
  const test::TemporaryFolder temporary;
  const RunFolder run(temporary.path() / "run", request(), session());
  CHECK_THROWS_AS(RunFolder(temporary.path() / "run", request(), session()), ConfigError);
}

TEST_CASE("a folder that no run made is never touched") {
  const test::TemporaryFolder temporary;
  write_file(temporary.path() / "thesis.tex", "precious");
  CHECK_THROWS_AS(RunFolder(temporary.path(), request(), session()), ConfigError);
  CHECK_THROWS_AS(RunFolder(temporary.path(), request(), session(true)), ConfigError);
  CHECK(read_file(temporary.path() / "thesis.tex") == "precious");
  CHECK_THROWS_AS(RunFolder(temporary.path() / "thesis.tex", request(), session()), ConfigError);
}

TEST_CASE("what a resumed run will say again is forgotten, a torn line too") {
  const test::TemporaryFolder temporary;
  const RunFolder run(temporary.path() / "run", request(), session());
  for (int step : {10, 20, 30}) run.record({{"step", step}});
  append_to_file(run.file("metrics.jsonl"), "{\"step\": 4");
  run.forget_after("step", 20);
  CHECK(read_file(run.file("metrics.jsonl")) == "{\"step\":10}\n{\"step\":20}\n");
}

namespace {

RunRequest declared() {
  RunRequest request{"train", {{"target", "@face"}, {"steps", 100}}, {}};
  request.files = {"network.mlp", "rows", "round_*"};
  return request;
}

/// A finished run, with what a user put beside and inside it.
void finish_with_notes(const std::filesystem::path& folder) {
  const RunFolder run(folder, declared(), session());
  make_folder(run.file("rows/a"));
  for (const char* name : {"network.mlp", "round_01.csv", "rows/a/row.json", "rows/b.png"})
    write_file(run.file(name), "old");
  for (const char* name : {"notes.txt", "mine.png", "rows/notes.md"}) write_file(run.file(name), "a user's");
  run.record({{"step", 1}});
  run.keep_result({});
  run.finish();
}

std::set<std::string> names_below(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    names.insert(entry.path().lexically_relative(folder).string());
  return names;
}

const std::set<std::string> fresh{".lock", "config.toml", "mine.png", "notes.txt", "rows", "rows/notes.md"};

}  // namespace

TEST_CASE("--force removes what the run made and keeps what a user put there") {
  const test::TemporaryFolder temporary;
  const auto folder = temporary.path() / "run";
  finish_with_notes(folder);
  { CHECK_FALSE(RunFolder(folder, declared(), session(true)).resumed()); }
  CHECK(names_below(folder) == fresh);
  CHECK(read_file(folder / "notes.txt") == "a user's");
}

TEST_CASE(
    "a run that --force had begun to remove when it was killed is removed to the end, without --force too") {
  const test::TemporaryFolder temporary;
  const auto folder = temporary.path() / "run";
  finish_with_notes(folder);
  write_file(folder / "config.toml", given_up_text("train", declared().files));
  std::filesystem::remove(folder / "network.mlp");
  CHECK_FALSE(is_finished_run(folder));
  CHECK_FALSE(command_of_run(folder));
  RunRequest other = declared();
  other.settings["steps"] = 7;
  { CHECK_FALSE(RunFolder(folder, other, session()).resumed()); }
  CHECK(names_below(folder) == fresh);
}

TEST_CASE("a run killed before its configuration was there begins, and what it left is swept") {
  const test::TemporaryFolder temporary;
  const auto folder = temporary.path() / "run";
  std::filesystem::create_directory(folder);
  append_to_file(folder / ".lock", "");
  append_to_file(folder / ".skein-999999999-0.tmp", "format = \"skein-");
  { CHECK_FALSE(RunFolder(folder, declared(), session()).resumed()); }
  CHECK(names_below(folder) == std::set<std::string>{".lock", "config.toml"});
}

TEST_CASE("what killed processes left anywhere in a run is swept when it is resumed") {
  const test::TemporaryFolder temporary;
  const auto folder = temporary.path() / "run";
  { const RunFolder run(folder, declared(), session()); }
  make_folder(folder / "rows/a");
  append_to_file(folder / "rows/a/.skein-999999999-4.tmp", "x");
  { CHECK(RunFolder(folder, declared(), session()).resumed()); }
  CHECK(names_below(folder) == std::set<std::string>{".lock", "config.toml", "rows", "rows/a"});
}

TEST_CASE("a damaged configuration is called that, and --force begins anew") {
  const test::TemporaryFolder temporary;
  const auto folder = temporary.path() / "run";
  finish_with_notes(folder);
  write_file(folder / "config.toml", "format = \"skein-run\"\nversion = 1\n[train\n");
  CHECK_THROWS_WITH_AS(RunFolder(folder, declared(), session()),
                       doctest::Contains("config.toml: damaged at line"), FormatError);
  { CHECK_FALSE(RunFolder(folder, declared(), session(true)).resumed()); }
  CHECK(names_below(folder) == fresh);
}

TEST_CASE("somebody else's folder is left as it was, to its last name") {
  const test::TemporaryFolder temporary;
  write_file(temporary.path() / "config.toml", "[site]\ntitle = \"a page\"\n");
  SUBCASE("of another program") {}
  SUBCASE("damaged") { write_file(temporary.path() / "config.toml", "= = ="); }
  write_file(temporary.path() / "network.mlp", "theirs");
  for (const bool force : {false, true})
    CHECK_THROWS_AS(RunFolder(temporary.path(), declared(), session(force)), ConfigError);
  CHECK(names_below(temporary.path()) == std::set<std::string>{"config.toml", "network.mlp"});
}

TEST_CASE("--force does not remove what the run is to read") {
  const test::TemporaryFolder temporary;
  const auto folder = temporary.path() / "run";
  finish_with_notes(folder);
  const auto before = names_below(folder);
  RunRequest request = declared();
  for (const std::string& input :
       {folder.string(), (folder / "network.mlp").string() + "#3",
        "target:" + (folder / "rows/b.png").string(), "name=" + (folder / "network.mlp").string()}) {
    request.settings["wiring"] = input;
    CHECK_THROWS_WITH_AS(RunFolder(folder, request, session(true)),
                         doctest::Contains("would remove what this run"), ConfigError);
    request.settings["wiring"] = nlohmann::ordered_json::array({"@face", input});
    CHECK_THROWS_AS(RunFolder(folder, request, session(true)), ConfigError);
  }
  CHECK(names_below(folder) == before);
}

TEST_CASE("what a configuration cannot say is refused before anything is made") {
  const test::TemporaryFolder temporary;
  const auto folder = temporary.path() / "run";
  RunRequest request = declared();
  request.settings["seed"] = std::uint64_t{1} << 63;
  CHECK_THROWS_WITH_AS(RunFolder(folder, request, session()),
                       doctest::Contains("seed is 9223372036854775808"), ConfigError);
  CHECK_FALSE(std::filesystem::exists(folder / "config.toml"));
  request.settings["seed"] = (std::uint64_t{1} << 63) - 1;
  { const RunFolder run(folder, request, session()); }
  CHECK(RunFolder(folder, request, session()).resumed());
}

TEST_CASE("settings of any bytes read back as they were written") {
  const test::TemporaryFolder temporary;
  const auto folder = temporary.path() / "run";
  RunRequest request = declared();
  request.settings["target"] = "no\xff UTF-8, del \x7f, tab \t, \"quoted\", back\\slash, \xc3\xa4";
  request.settings["limit"] = std::numeric_limits<double>::infinity();
  { const RunFolder run(folder, request, session()); }
  CHECK(RunFolder(folder, request, session()).resumed());
  request.settings["limit"] = 1.0;
  CHECK_THROWS_AS(RunFolder(folder, request, session()), ConfigError);
}

TEST_CASE("the command line is quoted so that a shell reads it as it was") {
  CHECK(shell_text({"bin/skein", "render", "a b", "it's", ""}) == "skein render 'a b' 'it'\\''s' ''");
}
