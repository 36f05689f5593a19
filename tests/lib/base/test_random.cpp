#include "lib/base/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

using namespace skein;

TEST_CASE("philox gives the known answers of its authors") {
  using Counter = std::array<std::uint32_t, 4>;
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint32_t f = 0xffffffff;
  CHECK(philox({f, f, f, f}, {f, f}) == Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("streams differ by seed, purpose and index, and repeat by name") {
  const auto first = [](std::uint64_t seed, std::string_view purpose, std::uint64_t index) {
    return RandomStream(seed, purpose, index).bits64();
  };
  CHECK(first(1, "weights", 2) == first(1, "weights", 2));
  CHECK(first(1, "weights", 2) != first(2, "weights", 2));
  CHECK(first(1, "weights", 2) != first(1, "links", 2));
  CHECK(first(1, "weights", 2) != first(1, "weights", 3));
}

TEST_CASE("draws have the moments of their distributions") {
  constexpr int n = 200000;
  RandomStream random(7, "moments");
  double uniform = 0, mean = 0, square = 0, truncated_square = 0, furthest = 0;
  std::vector<int> faces(6);
  for (int i = 0; i < n; ++i) {
    uniform += random.uniform();
    const double z = random.normal();
    mean += z;
    square += z * z;
    const double t = random.truncated_normal();
    truncated_square += t * t;
    furthest = std::max(furthest, std::abs(t));
    ++faces[random.below(6)];
  }
  CHECK(uniform / n == doctest::Approx(0.5).epsilon(0.01));
  CHECK(std::abs(mean / n) < 0.01);
  CHECK(square / n == doctest::Approx(1.0).epsilon(0.02));
  // Variance of a standard normal cut at 2: 1 - 2*2*phi(2)/(2*Phi(2)-1) = 0.7737.
  CHECK(truncated_square / n == doctest::Approx(0.7737).epsilon(0.02));
  CHECK(furthest <= 2.0);
  for (const int count : faces) CHECK(std::abs(count - n / 6) < 5 * std::sqrt(n / 6.0));
}

TEST_CASE("pick follows the odds and never takes what has none") {
  RandomStream random(3, "pick");
  const std::vector<double> odds{0, 1, 0, 3, 0};
  std::vector<int> counts(odds.size());
  for (int i = 0; i < 40000; ++i) ++counts[random.pick(odds)];
  CHECK(counts[0] + counts[2] + counts[4] == 0);
  CHECK(counts[3] / 40000.0 == doctest::Approx(0.75).epsilon(0.02));
}

TEST_CASE("shuffle permutes") {
  RandomStream random(4, "shuffle");
  std::vector<int> items(100);
  std::iota(items.begin(), items.end(), 0);
  random.shuffle(std::span(items));
  CHECK_FALSE(std::ranges::is_sorted(items));
  std::ranges::sort(items);
  for (int i = 0; i < 100; ++i) REQUIRE(items[static_cast<std::size_t>(i)] == i);
}
