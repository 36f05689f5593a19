#include "sgd/train/penalty.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "lib/base/error.hpp"
#include "sgd/mlp/architecture.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/train/checkpoint.hpp"
#include "sgd/train/train.hpp"
#include "tests/support/random_network.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

Wiring penalised_wiring() {
  return dense_wiring(parse_architecture("2;gaussian:4,tanh:3"), picture_signature());
}

Trainer penalised(const std::string& penalty, std::int64_t steps) {
  TrainSettings settings;
  settings.steps = steps;
  settings.penalty = parse_penalty(penalty);
  const Wiring wiring = penalised_wiring();
  return {picture_problem(wiring, test::random_picture(9, 7, 1)), settings,
          initial_weights(wiring, {.seed = 3})};
}

std::size_t zeros(const Weights& weights) {
  return static_cast<std::size_t>(std::ranges::count(weights, 0.0f));
}

}  // namespace

TEST_CASE("a penalty is written and read back, rises over half of the steps, and bad ones are refused") {
  for (const char* text : {"none", "l1:0.1", "group-lasso:0.003", "l1:0"})
    CHECK(text_of(parse_penalty(text)) == text);
  const Penalty penalty = parse_penalty("l1:0.5");
  CHECK(penalty.at(0, 100) == 0);
  CHECK(penalty.at(25, 100) == doctest::Approx(0.25));
  CHECK(penalty.at(50, 100) == 0.5);
  CHECK(penalty.at(99, 100) == 0.5);
  CHECK(Penalty{}.at(99, 100) == 0);
  for (const char* text : {"", "l1", "l1:", "l1:x", "l1:1x", "l1:-1", "l1:nan", "l1:1e7", "lasso:1", "None"})
    CHECK_THROWS_AS(parse_penalty(text), ConfigError);
}

TEST_CASE("the step shrinks each weight, or all that leave a unit together, to 0 at most") {
  // Layer 0 reads two inputs, layer 1 two units.
  WeightLayout layout{{{2, 2}, {2, 2}}, {}};
  for (int layer = 0; layer < 2; ++layer)
    for (int row = 0; row < 2; ++row)
      for (int column = 0; column < 2; ++column) layout.places.push_back({layer, row, column});
  const Weights before{0.5f, -0.25f, 0.0625f, 1, 3, 0.25f, 4, 0};
  Weights one = before;
  PenaltyStep(PenaltyKind::l1, layout, 8, {1, 1, 1, 0, 1, 1, 1, 1}).apply(0.25, one);
  CHECK(one == Weights{0.25f, 0, 0, 1, 2.75f, 0, 3.75f, 0});
  // Unit 0 sends 3 and 4, of length 5; unit 1 sends a quarter and nothing. What reads inputs is left alone.
  Weights group = before;
  PenaltyStep(PenaltyKind::group_lasso, layout, 8, {}).apply(0.5, group);
  CHECK(std::equal(group.begin(), group.begin() + 4, before.begin()));
  const double factor = 1 - 0.5 * std::sqrt(2.0) / 5;
  CHECK(group[4] == doctest::Approx(3 * factor));
  CHECK(group[6] == doctest::Approx(4 * factor));
  CHECK(group[5] == 0);
  Weights same = before;
  PenaltyStep(PenaltyKind::group_lasso, layout, 8, {}).apply(0, same);
  CHECK(same == before);
  CHECK_THROWS_AS(PenaltyStep(PenaltyKind::l1, layout, 7, {}), ConfigError);
  CHECK_THROWS_AS(PenaltyStep(PenaltyKind::group_lasso, {}, 8, {}), ConfigError);
}

TEST_CASE("training under a penalty ends with exact zeros, whole units of them for groups") {
  Trainer plain = penalised("none", 80), l1 = penalised("l1:4", 80), groups = penalised("group-lasso:6", 80);
  plain.run();
  l1.run();
  groups.run();
  CHECK(zeros(plain.state().best) == 0);
  CHECK(zeros(l1.state().best) > 20);
  CHECK(l1.state().best_step >= 40);  // under the whole penalty
  const WeightLayout layout = lower(penalised_wiring()).layout;
  for (std::int32_t layer = 0; layer < 3; ++layer) {
    int whole = 0, part = 0;
    for (std::int32_t column = 0; column < 7; ++column) {
      std::size_t gone = 0, there = 0;
      for (std::size_t slot = 0; slot < layout.places.size(); ++slot)
        if (layout.places[slot].layer == layer && layout.places[slot].column == column)
          (groups.state().best[slot] == 0 ? gone : there) += 1;
      if (there == 0 && gone > 0) ++whole;
      else if (gone > 0) ++part;
    }
    CHECK(part == 0);
    CHECK((whole > 0) == (layer > 0));
  }
}

TEST_CASE("a penalised training goes on from a checkpoint with the same bits, and is no other's") {
  Trainer whole = penalised("group-lasso:0.3", 40);
  whole.advance(17);
  Checkpoint checkpoint;
  checkpoint.wiring = penalised_wiring();
  checkpoint.settings = whole.settings();
  checkpoint.state = whole.state();
  const Checkpoint read = decode_checkpoint(encode_checkpoint(checkpoint), "test");
  CHECK(read.settings == checkpoint.settings);
  Trainer rest(picture_problem(penalised_wiring(), test::random_picture(9, 7, 1)), read.settings, read.state);
  whole.run();
  rest.run();
  CHECK(whole.state() == rest.state());
  Checkpoint other = checkpoint;
  other.settings.penalty.strength = 0.2;
  CHECK_THROWS_AS(require_same_training(read, other), ConfigError);
  other = checkpoint;
  other.settings.steps = 50;  // its penalty rises more slowly
  CHECK_THROWS_AS(require_same_training(read, other), ConfigError);
}
