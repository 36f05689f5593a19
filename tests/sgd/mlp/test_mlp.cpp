#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/error.hpp"
#include "sgd/mlp/mlp.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

/// Two layers of two columns, a few weights missing; the weight at (1, 0, 0) is a copy.
Mlp sparse_mlp() {
  Mlp mlp;
  mlp.wiring = dense_wiring(parse_architecture("2;cache:1,sin:1"), {{"a", "b"}, {"out"}});
  mlp.wiring.masks = {{1, 0, 1, 1}, {1, 0, 0, 1}, {0, 1}};
  mlp.wiring.copies[1][0] = 1;
  mlp.weights = {0.5f, 2.0f, -1.0f, 1.0f, 3.0f, 4.0f};
  return mlp;
}

}  // namespace

TEST_CASE("an architecture is read as written and written as read") {
  const Architecture skull = parse_architecture("12;cache:15,gaussian:4,identity:2,sin:1");
  CHECK(skull.depth == 12);
  CHECK(skull.width() == 22);
  CHECK(skull.text() == "12;cache:15,gaussian:4,identity:2,sin:1");
  CHECK(skull.kinds()[14] == UnitKind{Activation::identity, true});
  CHECK(skull.kinds()[15] == UnitKind{Activation::gaussian, false});
  CHECK(parse_architecture(" 1 ; sin : 2 , cache:1\n").text() == "1;sin:2,cache:1");
}

TEST_CASE("an architecture that does not parse is refused with its place") {
  for (const char* text : {"", "12", "12;", ";sin:1", "0;sin:1", "1025;sin:1", "-1;sin:1", "2;sin", "2;sin:0",
                           "2;sin:-3", "2;sin:x", "2;sine:1", "2;sin:1,,cos:1", "2;sin:1,sin:2", "2;sin:4097",
                           "2;sin:4000,cos:97", "2;sin:99999999999999999999", "2.5;sin:1", "2;:1"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_architecture(text), ConfigError);
  }
  CHECK_THROWS_WITH(parse_architecture("2;sine:1"), doctest::Contains("sine"));
}

TEST_CASE("a dense wiring has the study's number of weights") {
  const auto count = [](const char* text) {
    return dense_wiring(parse_architecture(text), picture_signature()).weight_count();
  };
  CHECK(count("12;cache:15,gaussian:4,identity:2,sin:1") == 5478);
  CHECK(count("16;cache:17,gaussian:4,sigmoid:1,sin:1") == 8096);
  CHECK_THROWS_AS(count("1024;sin:4096"), ConfigError);
}

TEST_CASE("the architecture of a wiring sorts its kinds by name") {
  const Wiring wiring =
      dense_wiring(parse_architecture("3;sin:1,gaussian:2,cache:4,identity:1"), picture_signature());
  CHECK(architecture_of(wiring).text() == "3;cache:4,gaussian:2,identity:1,sin:1");
}

TEST_CASE("lowering keeps only existing weights, in the order layer, row, column") {
  const Mlp mlp = sparse_mlp();
  const Lowered lowered = lower(mlp.wiring);
  CHECK(lowered.network.edge_count() == 6);
  CHECK(lowered.network.slot_count() == 6);
  CHECK(lowered.network.depth() == 3);
  REQUIRE(lowered.layout.places.size() == 6);
  CHECK(lowered.layout.places[1] == WeightPlace{0, 1, 0});
  CHECK(lowered.layout.places[5] == WeightPlace{2, 0, 1});
  CHECK(lowered.layout.layers[2] == MatrixShape{1, 2});

  const SampleTable samples{2, 1, {0.3f, 0.7f}};
  float out = 0;
  evaluate(Plan(lowered.network), mlp.weights, samples, std::span(&out, 1));
  CHECK(out == doctest::Approx(4 * std::sin(3 * std::sin(2 * 0.3 - 0.7))));
  CHECK(trainable_without_copies(mlp.wiring) == std::vector<std::uint8_t>{1, 1, 1, 0, 1, 1});
}

TEST_CASE("restricting drops weights from the masks and from every vector") {
  Mlp mlp = sparse_mlp();
  mlp.initial = {1, 2, 3, 4, 5, 6};
  const Mlp kept = restrict_to(mlp, {1, 1, 0, 0, 1, 1});
  CHECK(kept.wiring.weight_count() == 4);
  CHECK(kept.wiring.masks[0] == std::vector<std::uint8_t>{1, 0, 1, 0});
  CHECK(kept.wiring.copies[1][0] == 0);
  CHECK(kept.weights == Weights{0.5f, 2.0f, 3.0f, 4.0f});
  CHECK(kept.initial == Weights{1, 2, 5, 6});
  CHECK(kept.rewind.empty());
  CHECK_THROWS_AS(restrict_to(mlp, {1, 1}), ConfigError);
}

TEST_CASE("a wiring whose masks do not fit is refused") {
  Mlp mlp = sparse_mlp();
  mlp.wiring.masks[1].pop_back();
  CHECK_THROWS_AS(lower(mlp.wiring), ConfigError);
  mlp = sparse_mlp();
  mlp.wiring.copies[0][1] = 1;
  CHECK_THROWS_AS(lower(mlp.wiring), ConfigError);
  mlp = sparse_mlp();
  mlp.weights.pop_back();
  CHECK_THROWS_AS(validate(mlp), ConfigError);
}
