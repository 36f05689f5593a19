#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "bridge/layerize.hpp"
#include "experiments/measures/fractured_twins.hpp"
#include "experiments/measures/measure_functions.hpp"
#include "experiments/measures/measures.hpp"
#include "experiments/targets/hand_built.hpp"
#include "experiments/targets/targets.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/twins/twins.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

ScoreSettings quick() {
  ScoreSettings settings;
  settings.size = 48;
  settings.weights = 40;
  settings.directions = 8;
  settings.map_size = 16;
  settings.noise_draws = 4;
  settings.resamples = 10;
  return settings;
}

/// (x, y, d, bias) to three outputs, each a unit of the kind with one edge from x.
Subject three_units(Activation activation, std::array<float, 3> weights) {
  NetworkBuilder builder(picture_signature());
  std::vector<ValueIndex> outputs;
  for (Slot slot = 0; slot < 3; ++slot)
    outputs.push_back(builder.add_unit({activation, 1}, std::array{Edge{0, slot}}));
  return subject_of(std::move(builder).finish(outputs), {weights.begin(), weights.end()});
}

}  // namespace

TEST_CASE("networks with nothing to measure get defined answers") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  NetworkBuilder one(picture_signature());
  const auto unit = one.add_unit({Activation::gaussian, 1}, std::array{Edge{2, 0}});
  NetworkBuilder none(picture_signature());
  const std::array subjects{
      three_units(Activation::relu, {0, 0, 0}), three_units(Activation::tanh, {nan, 1, 1}),
      subject_of(std::move(one).finish({unit, unit, unit}), {1.0f}),
      three_units(Activation::tanh, {1e-30f, 0, 0}), subject_of(std::move(none).finish({0, 1, 2}), {})};
  for (const Subject& subject : subjects)
    for (const MeasuredValue& measure : score(subject, quick()).measures) {
      INFO(measure.name);
      CHECK(measure.value.has_value() == measure.reason.empty());
      if (measure.value) {
        CHECK(std::isfinite(*measure.value));
        CHECK(measure.low <= *measure.value);
        CHECK(measure.high >= *measure.value);
      }
    }
  CHECK(!score(subjects[1], quick()).at("compositional_score").value);
}

TEST_CASE("the same numbers on any number of threads") {
  const Subject subject = subject_of(face().genome);
  std::vector<Score> scores;
  for (const int threads : {1, 2, 8}) {
    const ThreadLimit limit(threads);
    scores.push_back(score(subject, quick()));
  }
  for (std::size_t i = 0; i < scores[0].measures.size(); ++i)
    for (const Score& other : scores) {
      CHECK(other.measures[i].value == scores[0].measures[i].value);
      CHECK(other.measures[i].low == scores[0].measures[i].low);
      CHECK(other.measures[i].high == scores[0].measures[i].high);
    }
}

TEST_CASE("permuted units and flipped signs leave every measure where it was") {
  sgd::Mlp dense{.wiring = sgd::dense_wiring(sgd::parse_architecture("3;gaussian:3,identity:2,sin:2,tanh:2"),
                                             picture_signature()),
                 .weights = {},
                 .initial = {},
                 .rewind = {}};
  dense.weights = sgd::initial_weights(dense.wiring, {.seed = 3, .scale = 2});
  const std::vector<std::pair<std::string, sgd::Mlp>> networks{
      {"@face", bridge::layerize(face().genome)},
      {"@flower", bridge::layerize(flower().genome)},
      {"@mask", bridge::layerize(built_in_target("@mask").genome().genome)},
      {"a rotated @sunset", fractured_twin(bridge::layerize(sunset().genome), Fracture::rotate, 1)},
      {"a dense network", dense},
  };
  for (const auto& [title, mlp] : networks) {
    const Score original = score(subject_of(mlp), quick());
    for (const sgd::Mlp& twin : {sgd::permute_units(mlp, 5), sgd::flip_signs(mlp, 5)}) {
      const Score other = score(subject_of(twin), quick());
      for (std::size_t i = 0; i < original.measures.size(); ++i) {
        INFO(title << " " << original.measures[i].name);
        REQUIRE(other.measures[i].value.has_value() == original.measures[i].value.has_value());
        if (original.measures[i].value)
          CHECK(*other.measures[i].value == doctest::Approx(*original.measures[i].value).epsilon(0.02));
      }
    }
  }
}

TEST_CASE("interference is how alike two units of a layer are, every layer alike, over any two units") {
  // Six directions of six units: three in layer 1, two in layer 2, one in layer 3; one way reached each.
  Evidence evidence;
  Steps& steps = evidence.directions;
  steps.layer = {1, 1, 1, 2, 2, 3};
  steps.target = {4, 5, 6, 7, 8, 9};
  steps.items.resize(6);
  steps.effects.resize(12);
  for (Effect& effect : steps.effects) effect.match.reached = true;
  steps.likeness = Eigen::MatrixXf::Constant(12, 12, 0.25f);
  std::vector<std::uint32_t> items{0, 1, 2, 3, 4, 5};
  CHECK(measure::unit_interference(evidence, items) == doctest::Approx(1));
  // The two of layer 2 do the same: (0.25 + 1) / 2 within layers; over all pairs (14 * 0.25 + 1) / 15.
  steps.likeness.block(6, 8, 2, 2).setOnes();
  CHECK(measure::unit_interference(evidence, items) == doctest::Approx(0.625 / 0.3));
  // Directions of one unit are no pair; a step that was not reached takes no part.
  steps.target[4] = 7;
  CHECK(measure::unit_interference(evidence, items) == doctest::Approx(1));
  for (std::size_t i : {0u, 1u, 2u, 3u}) steps.effects[i].match.reached = false;
  CHECK(!measure::unit_interference(evidence, items));
}

TEST_CASE("every fracture makes the units of a layer interfere") {
  auto settings = quick();
  settings.weights = 1;
  settings.directions = 96;
  for (const char* name : {"@face", "@idol"}) {
    const sgd::Mlp mlp = bridge::layerize(built_in_target(name).genome().genome);
    const auto interference = [&](const sgd::Mlp& of) {
      return score(subject_of(of), settings).at("unit_interference").value;
    };
    const auto whole = interference(mlp);
    REQUIRE(whole);
    CHECK(*whole < 1);
    for (const Fracture fracture : fractures) {
      INFO(name << " " << experiments::name(fracture));
      CHECK(interference(fractured_twin(mlp, fracture, 3)).value() > *whole);
    }
  }
}

TEST_CASE("a matched step changes the picture as much as asked, or says that it cannot") {
  const Subject subject = subject_of(flower().genome);
  const Plan plan(subject.network);
  std::vector<Direction> directions;
  for (const Slot slot : subject.slots()) directions.push_back({{slot, 1.0f}});
  const MatchSettings settings{.size = 32};
  const auto matches = match_visible_change(plan, subject.weights, directions, settings);
  const Grid grid{32, 32};
  const Picture base = draw(plan, subject.weights, grid);
  std::vector<Perturbation> moves;
  for (std::size_t i = 0; i < matches.size(); ++i)
    moves.push_back(moved(subject.weights, directions[i / 2], matches[i].step));
  std::vector<double> changes(moves.size());
  draw_perturbed(plan, subject.weights, grid, moves,
                 [&](std::size_t i, Picture&& p) { changes[i] = visible_change(p, base); });
  int reached = 0;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    CHECK(changes[i] == doctest::Approx(matches[i].change).epsilon(1e-4));
    CHECK((i % 2 == 0) == (matches[i].step > 0));
    reached += matches[i].reached;
    if (matches[i].reached) CHECK(changes[i] >= settings.change * (1 - settings.tolerance) - 1e-6);
    else CHECK(std::abs(matches[i].step) == doctest::Approx(settings.limit));
  }
  CHECK(reached > 0);
  CHECK_THROWS_AS(match_visible_change(plan, subject.weights, directions, {.change = 1.5}), ConfigError);
}

TEST_CASE("a sample is spread over the layers and no weight is moved twice") {
  const Subject subject = subject_of(face().genome);
  auto settings = quick();
  settings.weights = 20;
  const Evidence evidence = gather(subject, settings);
  std::vector<Slot> slots;
  for (const Direction& direction : evidence.weights.items) slots.push_back(direction.front().first);
  std::sort(slots.begin(), slots.end());
  CHECK(std::adjacent_find(slots.begin(), slots.end()) == slots.end());
  CHECK(slots.size() == 20);
  CHECK(evidence.movable == subject.slots().size());
  CHECK(evidence.weights.layer.front() < evidence.weights.layer.back());
}
