#include "sgd/mlp/mlp_json.hpp"

#include <doctest/doctest.h>

#include <string>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

const std::string by_hand = R"({
  "format": "skein-mlp", "version": 1, "inputs": ["x", "y"], "outputs": ["z"], "depth": 2,
  "units": [
    {"layer": 1, "kind": "sin"}, {"layer": 1, "kind": "cache", "node": [0, 1], "copy": true},
    {"layer": 2, "kind": "gaussian"}
  ],
  "weights": [
    {"layer": 1, "to": 1, "from": 2, "weight": 0.1},
    {"layer": 1, "to": 2, "from": 1, "weight": 1, "copy": true},
    {"layer": 3, "to": 1, "from": 1, "weight": 2},
    {"layer": 2, "to": 1, "from": 1, "weight": -3.5}
  ]
})";

std::string edited(const std::string& from, const std::string& to) {
  std::string text = by_hand;
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

Mlp masked_mlp(std::uint64_t seed) {
  RandomStream random(seed, "test mlp as JSON");
  Mlp mlp;
  mlp.wiring = dense_wiring(parse_architecture("3;gaussian:2,cache:3,sin:1"), picture_signature());
  if (seed % 2 == 0) mlp.wiring.inputs = {{9, 0}, {9, 1}, {9, 2}, {9, 3}};
  for (auto& layer : mlp.wiring.hidden)
    for (MlpUnit& unit : layer)
      if (random.chance(0.7))
        unit.origin = UnitOrigin{-1, static_cast<std::int32_t>(random.below(100)), unit.kind.cache};
  for (std::size_t l = 0; l < mlp.wiring.masks.size(); ++l)
    for (std::size_t i = 0; i < mlp.wiring.masks[l].size(); ++i) {
      mlp.wiring.masks[l][i] = random.chance(0.4) ? 1 : 0;
      mlp.wiring.copies[l][i] = mlp.wiring.masks[l][i] != 0 && random.chance(0.2) ? 1 : 0;
    }
  for (int w = mlp.wiring.weight_count(); w > 0; --w) {
    mlp.weights.push_back(random.chance(0.2) ? 0.0f : static_cast<float>(random.normal()));
    if (seed % 3 == 0) mlp.initial.push_back(static_cast<float>(random.normal()));
    if (seed % 5 == 0) mlp.rewind.push_back(static_cast<float>(1e-30 * random.normal()));
  }
  if (seed % 5 == 0) mlp.rewind_step = 500;
  return mlp;
}

}  // namespace

TEST_CASE("an MLP written as JSON reads back as it was") {
  const test::TemporaryFolder folder;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const Mlp mlp = masked_mlp(seed);
    CHECK(parse_mlp_json(mlp_json(mlp), "a.json") == mlp);
    write_mlp(folder.path() / "a.json", mlp);
    CHECK(read_mlp(folder.path() / "a.json") == mlp);
  }
}

TEST_CASE("an MLP written by hand is read, its weights in any order") {
  const Mlp mlp = parse_mlp_json(by_hand, "hand.json");
  CHECK(mlp.wiring.depth() == 2);
  CHECK(mlp.weights == Weights{0.1f, 1.0f, -3.5f, 2.0f});
  CHECK(mlp.wiring.copies[0] == std::vector<std::uint8_t>{0, 0, 1, 0});
  CHECK(mlp.wiring.hidden[0][1].origin == UnitOrigin{0, 1, true});
  CHECK(mlp.wiring.hidden[1][0].kind.activation == Activation::gaussian);
  CHECK(mlp.initial.empty());
}

TEST_CASE("what is wrong with an MLP's JSON is said with its place") {
  const auto refused = [](const std::string& text, const char* why) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(parse_mlp_json(text, "bad.json"), doctest::Contains(why), FormatError);
  };
  refused(edited("\"from\": 2", "\"from\": 3"), "weights[0].from must be a whole number from 1 to 2");
  refused(edited("\"to\": 2, \"from\": 1", "\"to\": 1, \"from\": 2"),
          "weights[1] must be the only weight between");
  refused(edited("\"layer\": 2, \"kind\"", "\"layer\": 3, \"kind\""), "units[2].layer");
  refused(edited("\"gaussian\"", "\"bump\""), "units[2].kind must be cache or the name of an activation");
  refused(edited("\"depth\": 2", "\"depth\": 5000"), "depth must be a whole number from 1 to 1024");
  refused(edited("\"weight\": 2}", "\"weight\": 1e39}"),
          "weights[2].weight must be finite in single precision");
  refused(edited("\"weight\": 0.1}", "\"weight\": 0.1, \"initial\": 0}"), "weights[1].initial is missing");
  refused("{\"format\": \"skein-genome\", \"version\": 1}", "skein-mlp");
}

TEST_CASE("a damaged MLP's JSON is refused or read, never more") {
  const std::string text = mlp_json(masked_mlp(0));
  CHECK(test::refuses_or_reads(
            text, 300, [](const std::string& b) { lower(parse_mlp_json(b, "damaged.json").wiring); }) > 150);
}
