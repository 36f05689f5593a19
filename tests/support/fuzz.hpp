#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace skein::test {

/// What came of many damaged inputs.
struct Fuzzed {
  std::size_t read = 0, refused = 0;
};

/// Feeds `read` inputs made from a corpus: pieces cut, doubled, moved, exchanged with other members, bits turned, numbers
/// replaced by those that are at the edge of something. `read` may succeed or throw skein::Error with one line; anything
/// else fails the test with the seed that makes the input again. How many: SKEIN_FUZZ in the environment, else `usual`;
/// from which seed: SKEIN_FUZZ_SEED, else 0.
Fuzzed fuzz(const std::vector<std::string>& corpus, const std::function<void(const std::string&)>& read,
            std::size_t usual = 2000);

/// The input of one seed.
std::string fuzz_input(const std::vector<std::string>& corpus, std::uint64_t seed);

}  // namespace skein::test
