#include "lib/network/carriers.hpp"

#include <doctest/doctest.h>

using namespace skein;

namespace {

/// Inputs 0, 1; 2 = identity(3 * v0); 3 = identity(v2 + v1); 4 = identity(-2 * v2); 5 = sin(v4 + 5 v2 - v0);
/// 6 = identity(0 * v5); 7 = cos(nothing); 8 = identity(v6 + 4 v7).
struct Chain {
  Network network;
  std::vector<float> weights;

  Chain() {
    NetworkBuilder builder({{"a", "b"}, {"p", "q"}});
    const auto unit = [&](Activation activation, std::vector<std::pair<ValueIndex, float>> from) {
      std::vector<Edge> edges;
      for (const auto& [source, weight] : from) {
        edges.push_back({source, static_cast<Slot>(weights.size())});
        weights.push_back(weight);
      }
      return builder.add_unit({activation, 1}, edges);
    };
    unit(Activation::identity, {{0, 3.0f}});
    unit(Activation::identity, {{2, 1.0f}, {1, 1.0f}});
    unit(Activation::identity, {{2, -2.0f}});
    unit(Activation::sin, {{4, 1.0f}, {2, 5.0f}, {0, -1.0f}});
    unit(Activation::identity, {{5, 0.0f}});
    unit(Activation::cos, {});
    unit(Activation::identity, {{6, 1.0f}, {7, 4.0f}});
    network = std::move(builder).finish({3, 8}, static_cast<int>(weights.size()));
  }
};

void check_scaled(const std::optional<Scaled>& found, std::size_t value, double factor) {
  REQUIRE(found.has_value());
  CHECK(found->value == value);
  CHECK(found->factor == factor);
}

}  // namespace

TEST_CASE("chains of carriers are products, parallel ways add up, and what can only be zero is nothing") {
  const Chain chain;
  const WithoutCarriers contracted = without_carriers(chain.network, chain.weights);
  check_scaled(contracted.stands_for[2], 0, 3);
  check_scaled(contracted.stands_for[3], 3, 1);
  check_scaled(contracted.stands_for[4], 0, -6);
  check_scaled(contracted.stands_for[5], 5, 1);
  CHECK_FALSE(contracted.stands_for[6]);
  check_scaled(contracted.stands_for[7], 7, 1);
  check_scaled(contracted.stands_for[8], 7, 4);
  REQUIRE(contracted.sources[3].size() == 2);
  CHECK(contracted.sources[3][0].factor == 3);
  REQUIRE(contracted.sources[5].size() == 1);  // -6 + 15 - 1
  CHECK(contracted.sources[5][0].factor == 8);
}

TEST_CASE("rules say who may vanish, who stays, which factors are too extreme and whether zeros count") {
  const Chain chain;
  const auto unit_of = [](std::size_t value) { return static_cast<int>(value) - 2; };
  const WithoutCarriers bounded = without_carriers(chain.network, chain.weights, {.greatest_factor = 5});
  check_scaled(bounded.stands_for[2], 0, 3);
  check_scaled(bounded.stands_for[4], 4, 1);
  const WithoutCarriers zeros =
      without_carriers(chain.network, chain.weights,
                       {.without_zeros = false, .carrier = [&](int u) { return u == unit_of(6); }});
  check_scaled(zeros.stands_for[2], 2, 1);
  check_scaled(zeros.stands_for[6], 5, 0);
  const WithoutCarriers kept =
      without_carriers(chain.network, chain.weights, {.stays = [&](int u) { return u == unit_of(6); }});
  check_scaled(kept.stands_for[6], 6, 1);
}

TEST_CASE("what feeds the values wanted leaves out contracted carriers and dead units") {
  const Chain chain;
  const WithoutCarriers contracted = without_carriers(chain.network, chain.weights);
  std::vector<std::uint8_t> wanted(9, 0);
  wanted[3] = wanted[7] = 1;
  CHECK(feeding(contracted, wanted) == std::vector<std::uint8_t>{1, 1, 0, 1, 0, 0, 0, 1, 0});
}
