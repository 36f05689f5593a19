#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>

#include "lib/base/file.hpp"
#include "tests/support/reference_data.hpp"

/// The program as a user meets it.
namespace skein::test {

struct Finished {
  int code = -1;
  std::string out, err;
  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

/// Runs `skein ARGUMENTS` in a folder; `before` comes first on the shell's line.
inline Finished skein_in(const TemporaryFolder& folder, const std::string& arguments,
                         const std::string& before = "") {
  const std::string line = "cd '" + folder.path().string() + "' && " + before + " '" SKEIN_PROGRAM "' " +
                           arguments + " > .out 2> .err";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, read_file(folder.path() / ".out"),
          read_file(folder.path() / ".err")};
}

/// The same of what must succeed.
inline Finished done_in(const TemporaryFolder& folder, const std::string& arguments) {
  CAPTURE(arguments);
  Finished run = skein_in(folder, arguments);
  CAPTURE(run.err);
  REQUIRE(run.code == 0);
  return run;
}

inline bool is_one_line(const std::string& text) {
  return text.size() > 8 && std::count(text.begin(), text.end(), '\n') == 1 && text.starts_with("skein: ");
}

/// The command ends with `code`, says nothing on standard output and one line that contains `part`.
inline void refused(const TemporaryFolder& folder, const std::string& arguments, const std::string& part,
                    int code = 2) {
  CAPTURE(arguments);
  const Finished run = skein_in(folder, arguments);
  CHECK(run.code == code);
  CHECK(run.out.empty());
  CAPTURE(run.err);
  CHECK(is_one_line(run.err));
  CHECK(run.err.find(part) != std::string::npos);
}

inline void has_keys(const nlohmann::json& json, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    CAPTURE(key);
    CHECK(json.contains(key));
  }
}

inline void same_files(const TemporaryFolder& folder, const std::string& a, const std::string& b,
                       std::initializer_list<const char*> files) {
  for (const char* file : files) {
    CAPTURE(file);
    CHECK(read_file(folder.path() / a / file) == read_file(folder.path() / b / file));
  }
}

/// Starts `skein ARGUMENTS --out RUN` and kills it (no warning, no clean-up) once `file` of the run is there.
/// Whether it was killed before it had finished.
inline bool killed_at(const TemporaryFolder& folder, const std::string& arguments, const std::string& run,
                      const std::string& file) {
  const std::string there = "'" + run + "/" + file + "'";
  const std::string line =
      "cd '" + folder.path().string() + "' && { '" SKEIN_PROGRAM "' " + arguments + " --out " + run +
      " > .out 2> .err & pid=$!; while [ ! -s " + there +
      " ] && kill -0 $pid 2> .null; do sleep 0.01; done; kill -9 $pid; wait $pid; } 2> .null";
  [[maybe_unused]] const int status = std::system(line.c_str());
  REQUIRE(std::filesystem::exists(folder.path() / run / file));
  return !std::filesystem::exists(folder.path() / run / "DONE");
}

}  // namespace skein::test
