#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

#include "lib/base/random.hpp"
#include "tests/cli/run_skein.hpp"

namespace skein::test {

/// Gives `command + run` again and again and ends it at random moments, `ends` times, within the first third of the `seconds`
/// that it takes undisturbed: by SIGKILL, once by SIGINT, on one thread and on two in turn. Where it was done before its
/// end came (the machine has become faster), its folder `run` is emptied and all begins anew in half the time. Returns how
/// often it was ended before it was done.
inline int ended_at_random(const TemporaryFolder& folder, const std::string& command, const std::string& run,
                           double seconds, int ends) {
  RandomStream random(1, "moments");
  int ended = 0;
  for (int tries = 0; ended < ends && tries < 20 * ends; ++tries) {
    char before[80];
    std::snprintf(before, sizeof before, "timeout -s %s %.3f", ended == 1 ? "INT" : "KILL",
                  0.02 + seconds * 0.3 * random.uniform());
    const std::string threads = " --threads " + std::to_string(1 + ended % 2);
    if (skein_in(folder, command + run + threads, before).code != 0) {
      ++ended;
      continue;
    }
    std::filesystem::remove_all(folder.path() / run);
    ended = 0;
    seconds /= 2;
  }
  return ended;
}

}  // namespace skein::test
