#include "tests/support/fuzz.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::test {
namespace {

constexpr std::size_t longest_input = std::size_t{1} << 18;  // bytes

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::size_t place_in(const std::string& bytes, RandomStream& random) {
  return random.below(static_cast<std::uint32_t>(bytes.size() + 1));
}

std::string piece_of(const std::string& bytes, RandomStream& random) {
  const std::size_t at = place_in(bytes, random);
  const std::uint32_t longest = random.chance(0.8) ? 16 : 400;
  return bytes.substr(at, 1 + random.below(longest));
}

/// Numbers at which counts and sizes go wrong, as bytes in either order or as digits.
std::string edge_number(RandomStream& random) {
  constexpr std::array<std::uint64_t, 14> edges{
      0,          1,          0x7f,       0x80,       0xff, 0x7fff, 0xffff, 0x10000, 65536 * 16384ull,
      0x7fffffff, 0x80000000, 0xffffffff, 1ull << 62, ~0ull};
  const std::uint64_t value = edges[random.below(edges.size())];
  if (random.chance(0.3)) return (random.chance(0.2) ? "-" : "") + std::to_string(value);
  const std::size_t length = std::size_t{1} << random.below(4);
  std::string bytes;
  for (std::size_t i = 0; i < length; ++i) bytes += static_cast<char>(value >> 8 * i & 255);
  if (random.chance(0.5)) std::ranges::reverse(bytes);
  return bytes;
}

void change(std::string& bytes, const std::vector<std::string>& corpus, RandomStream& random) {
  const std::size_t at = place_in(bytes, random);
  const std::string& other = corpus[random.below(static_cast<std::uint32_t>(corpus.size()))];
  switch (random.below(10)) {
    case 0:
      bytes.resize(at);
      break;
    case 1:
    case 2:
      if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
      break;
    case 3:
      if (at < bytes.size()) bytes[at] = static_cast<char>(random.below(256));
      break;
    case 4:
      bytes.erase(at, 1 + random.below(16));
      break;
    case 5:
      bytes.insert(at, piece_of(bytes, random));
      break;
    case 6:
      bytes.insert(at, piece_of(other, random));
      break;
    case 7: {
      const std::string number = edge_number(random);
      bytes.replace(at, std::min(number.size(), bytes.size() - at), number);
      break;
    }
    case 8: {
      const std::string piece = piece_of(other, random);
      bytes.replace(at, std::min(piece.size(), bytes.size() - at), piece);
      break;
    }
    default:
      bytes.replace(at, std::min<std::size_t>(1 + random.below(8), bytes.size() - at), edge_number(random));
  }
  if (bytes.size() > longest_input) bytes.resize(longest_input);
}

}  // namespace

std::string fuzz_input(const std::vector<std::string>& corpus, std::uint64_t seed) {
  RandomStream random(seed, "fuzz");
  std::string bytes = corpus[random.below(static_cast<std::uint32_t>(corpus.size()))];
  for (std::uint32_t left = 1 + random.below(random.chance(0.2) ? 24 : 4); left > 0; --left)
    change(bytes, corpus, random);
  return bytes;
}

Fuzzed fuzz(const std::vector<std::string>& corpus, const std::function<void(const std::string&)>& read,
            std::size_t usual) {
  for (const std::string& sound : corpus) read(sound);
  const std::uint64_t first = number_from("SKEIN_FUZZ_SEED", 0);
  const auto count = static_cast<std::size_t>(number_from("SKEIN_FUZZ", usual));
  Fuzzed result;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const std::string input = fuzz_input(corpus, seed);
    try {
      read(input);
      ++result.read;
    } catch (const Error& error) {
      ++result.refused;
      const std::string message = error.what();
      if (message.empty() || message.find('\n') != std::string::npos)
        FAIL_CHECK("seed ", seed, ": the message is not one line: ", message);
    } catch (const std::exception& error) {
      FAIL_CHECK("seed ", seed, ": not a skein::Error: ", error.what());
    }
  }
  MESSAGE(count, " inputs from seed ", first, ": ", result.read, " read, ", result.refused, " refused");
  return result;
}

}  // namespace skein::test
