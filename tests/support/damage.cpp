#include "tests/support/damage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <exception>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::test {

namespace {

std::string mutate(std::string bytes, RandomStream& random) {
  if (bytes.empty()) return bytes;
  const auto place = [&] { return random.below(static_cast<std::uint32_t>(bytes.size())); };
  const std::size_t at = place();
  const std::size_t length = std::min<std::size_t>(bytes.size() - at, 1 + random.below(16));
  switch (random.below(9)) {
    case 0:
      return bytes.substr(0, at);
    case 1:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
      return bytes;
    case 2:
      bytes.replace(at, length, length, '\0');
      return bytes;
    case 3:
      bytes.replace(at, length, length, '\xff');
      return bytes;
    case 4:
      return bytes.erase(at, length);
    case 5:
      return bytes.insert(at, bytes.substr(at, length));
    case 6:
      std::swap(bytes[at], bytes[place()]);
      return bytes;
    case 7:
      return bytes.insert(0, length, static_cast<char>(random.bits()));
    default:
      return bytes.append(length, static_cast<char>(random.bits()));
  }
}

}  // namespace

std::vector<std::string> damaged(const std::string& bytes, std::size_t count, std::uint64_t seed) {
  std::vector<std::string> copies;
  for (std::size_t i = 0; i < count; ++i) {
    RandomStream random(seed, "damage", i);
    std::string copy = bytes;
    for (std::uint32_t left = 1 + random.below(3); left > 0; --left) copy = mutate(std::move(copy), random);
    copies.push_back(std::move(copy));
  }
  return copies;
}

std::size_t refuses_or_reads(const std::string& bytes, std::size_t count,
                             const std::function<void(const std::string&)>& read) {
  std::size_t refused = 0;
  const auto copies = damaged(bytes, count);
  for (std::size_t i = 0; i < copies.size(); ++i) {
    CAPTURE(i);
    try {
      read(copies[i]);
    } catch (const Error& error) {
      ++refused;
      const std::string message = error.what();
      CHECK_FALSE(message.empty());
      CHECK(message.find('\n') == std::string::npos);
    } catch (const std::exception& error) {
      FAIL_CHECK("not a skein::Error: ", error.what());
    }
  }
  return refused;
}

}  // namespace skein::test
