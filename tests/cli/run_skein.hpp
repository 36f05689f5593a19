#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>

#include "lib/file.hpp"
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

inline bool is_one_line(const std::string& text) {
  return text.size() > 8 && std::count(text.begin(), text.end(), '\n') == 1 && text.starts_with("skein: ");
}

inline void has_keys(const nlohmann::json& json, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    CAPTURE(key);
    CHECK(json.contains(key));
  }
}

}  // namespace skein::test
