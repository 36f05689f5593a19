#include "sgd/prune/mask_null.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "lib/base/random.hpp"
#include "sgd/mlp/wiring_graph.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

Wiring random_wiring(std::uint64_t seed, double density) {
  RandomStream random(seed, "test wiring");
  Wiring wiring = dense_wiring(parse_architecture("4;cache:5,gaussian:4,sin:3"), picture_signature());
  for (auto& mask : wiring.masks)
    for (auto& place : mask) place = random.chance(density) ? 1 : 0;
  return wiring;
}

std::vector<int> degrees(const Wiring& wiring) {
  std::vector<int> result;
  for (int layer = 0; layer <= wiring.depth(); ++layer) {
    const MatrixShape shape = wiring.shape(layer);
    const auto at = [&](int row, int column) {
      return wiring
          .masks[static_cast<std::size_t>(layer)][static_cast<std::size_t>(row * shape.columns + column)];
    };
    for (int row = 0; row < shape.rows; ++row) {
      int sum = 0;
      for (int column = 0; column < shape.columns; ++column) sum += at(row, column);
      result.push_back(sum);
    }
    for (int column = 0; column < shape.columns; ++column) {
      int sum = 0;
      for (int row = 0; row < shape.rows; ++row) sum += at(row, column);
      result.push_back(sum);
    }
  }
  return result;
}

int moved(const Wiring& a, const Wiring& b) {
  int count = 0;
  for (std::size_t l = 0; l < a.masks.size(); ++l)
    for (std::size_t i = 0; i < a.masks[l].size(); ++i) count += a.masks[l][i] != 0 && b.masks[l][i] == 0;
  return count;
}

}  // namespace

TEST_CASE("a shuffled mask keeps every fan-in and fan-out and the outputs connected") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const Wiring wiring = random_wiring(seed, seed % 2 == 0 ? 0.3 : 0.12);
    const Wiring shuffled = shuffle_degrees(wiring, seed);
    CHECK(degrees(shuffled) == degrees(wiring));
    if (connected(wiring)) CHECK(connected(shuffled));
    CHECK(shuffle_degrees(wiring, seed) == shuffled);
    if (seed % 2 == 0) {
      CHECK(moved(wiring, shuffled) > wiring.weight_count() / 3);
      CHECK(moved(shuffle_degrees(wiring, seed + 1), shuffled) > wiring.weight_count() / 3);
    }
  }
}

TEST_CASE("a full mask and copies stay as they are") {
  const Wiring dense = random_wiring(0, 1.1);
  CHECK(shuffle_degrees(dense, 3) == dense);
  Wiring wiring = random_wiring(1, 0.4);
  wiring.copies = wiring.masks;
  CHECK(shuffle_degrees(wiring, 3) == wiring);
}

TEST_CASE("shuffled masks visit all wirings of the same degrees about equally often") {
  // Three ones in a 3 x 3 layer, one per row and column: six permutations.
  Wiring wiring = dense_wiring(parse_architecture("1;sin:3"), {{"a", "b", "c"}, {"out"}});
  wiring.masks[0] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  std::vector<std::vector<std::uint8_t>> seen;
  std::vector<int> counts;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const auto mask = shuffle_degrees(wiring, seed).masks[0];
    const auto found = std::ranges::find(seen, mask);
    if (found == seen.end()) {
      seen.push_back(mask);
      counts.push_back(1);
    } else {
      ++counts[static_cast<std::size_t>(found - seen.begin())];
    }
  }
  REQUIRE(seen.size() == 6);
  for (const int count : counts) CHECK(std::abs(count - 500) < 100);
}

TEST_CASE("reach is found in both directions") {
  Wiring wiring = dense_wiring(parse_architecture("1;sin:3"), {{"a"}, {"out"}});
  wiring.masks = {{1, 0, 1}, {1, 1, 0}};
  CHECK(reached_from_inputs(wiring) == std::vector<std::uint8_t>{1, 1, 0, 1, 1});
  CHECK(reaching_outputs(wiring) == std::vector<std::uint8_t>{1, 1, 1, 0, 1});
  CHECK(connected(wiring));
  wiring.masks[1] = {0, 1, 0};
  CHECK_FALSE(connected(wiring));
}
