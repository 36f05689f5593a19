#include "sgd/prune/mask_null.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "lib/base/random.hpp"
#include "sgd/mlp/wiring_graph.hpp"
#include "sgd/prune/prune_random.hpp"

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

/// How often each first layer's mask was met, for seeds 0 to 2,999.
template <class Shuffle>
std::map<std::vector<std::uint8_t>, int> times_met(const Wiring& wiring, const Shuffle& shuffle) {
  std::map<std::vector<std::uint8_t>, int> met;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) ++met[shuffle(wiring, seed).masks[0]];
  return met;
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

TEST_CASE("a full mask stays as it is; copies move like other weights") {
  const Wiring dense = random_wiring(0, 1.1);
  CHECK(shuffle_degrees(dense, 3) == dense);
  Wiring wiring = random_wiring(2, 0.3);
  wiring.copies = wiring.masks;
  const Wiring shuffled = shuffle_degrees(wiring, 3);
  CHECK(moved(wiring, shuffled) > wiring.weight_count() / 3);
  for (const auto& copies : shuffled.copies) CHECK(std::ranges::count(copies, 1) == 0);
}

TEST_CASE("shuffled masks visit all wirings of the same degrees about equally often") {
  // Three ones in a 3 x 3 layer, one per row and column: six permutations.
  Wiring wiring = dense_wiring(parse_architecture("1;sin:3"), {{"a", "b", "c"}, {"out"}});
  wiring.masks[0] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  const auto met =
      times_met(wiring, [](const Wiring& w, std::uint64_t seed) { return shuffle_degrees(w, seed); });
  REQUIRE(met.size() == 6);
  for (const auto& [mask, times] : met) CHECK(std::abs(times - 500) < 100);
}

TEST_CASE(
    "shuffled places keep every layer's weights and every unit's part, and visit all such masks equally "
    "often") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const Wiring wiring = random_wiring(seed, seed % 2 == 0 ? 0.3 : 0.12);
    const Wiring shuffled = shuffle_places(wiring, seed);
    for (std::size_t l = 0; l < wiring.masks.size(); ++l)
      CHECK(std::ranges::count(shuffled.masks[l], 1) == std::ranges::count(wiring.masks[l], 1));
    const auto before = degrees(wiring), after = degrees(shuffled);
    for (std::size_t i = 0; i < before.size(); ++i) CHECK((before[i] > 0) == (after[i] > 0));
    CHECK(shuffle_places(wiring, seed) == shuffled);
    if (seed % 2 == 0) CHECK(after != before);
  }
  const auto places = [](const Wiring& w, std::uint64_t seed) { return shuffle_places(w, seed); };
  Wiring wiring = dense_wiring(parse_architecture("1;sin:3"), {{"a", "b", "c"}, {"out"}});
  wiring.masks[0] = {1, 0, 0, 0, 1, 0, 0, 0, 1};  // one for each row and column: the six permutations
  auto met = times_met(wiring, places);
  REQUIRE(met.size() == 6);
  for (const auto& [mask, times] : met) CHECK(std::abs(times - 500) < 100);
  wiring.masks[0] = {1, 1, 0, 1, 0,
                     0, 0, 0, 0};  // three between two rows and two columns, the third ones left out
  met = times_met(wiring, places);
  REQUIRE(met.size() == 4);
  for (const auto& [mask, times] : met) CHECK(std::abs(times - 750) < 120);
  wiring.copies = wiring.masks;
  CHECK(std::ranges::count(shuffle_places(wiring, 1).copies[0], 1) == 0);
}

TEST_CASE("a random mask of few weights reaches the outputs all the same") {
  Wiring like = dense_wiring(parse_architecture("8;sin:30"), {{"a", "b"}, {"out"}});
  for (auto& mask : like.masks) std::ranges::fill(mask, std::uint8_t{0});
  const auto put = [&](std::size_t layer, std::size_t row, std::size_t column) {
    like.masks[layer][row * static_cast<std::size_t>(like.shape(static_cast<int>(layer)).columns) + column] =
        1;
  };
  for (std::size_t layer = 0; layer <= 8; ++layer) {  // two weights a layer: by chance hardly ever a path
    put(layer, 0, 0);
    put(layer, layer < 8 ? 1 : 0, 1);
  }
  Mlp dense;
  dense.wiring = dense_wiring(parse_architecture("8;sin:30"), {{"a", "b"}, {"out"}});
  dense.weights.assign(static_cast<std::size_t>(dense.wiring.weight_count()), 1.0f);
  const Wiring drawn = restrict_to(dense, connected_random_layers(like, dense, 7)).wiring;
  CHECK(connected(drawn));
  CHECK(layer_counts(drawn) == layer_counts(like));
  CHECK(drawn != restrict_to(dense, connected_random_layers(like, dense, 8)).wiring);
  dense.wiring.masks[0][0] = 0;  // and where a place of `like` is missing, in the counts alone
  dense.weights.pop_back();
  CHECK(layer_counts(restrict_to(dense, connected_random_layers(like, dense, 7)).wiring) ==
        layer_counts(like));
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
