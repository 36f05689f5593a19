#include "experiments/runs/run_folder.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

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

TEST_CASE("the command line is quoted so that a shell reads it as it was") {
  CHECK(shell_text({"bin/skein", "render", "a b", "it's", ""}) == "skein render 'a b' 'it'\\''s' ''");
}
