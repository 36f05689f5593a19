// Recursions on pictures that repeat: the answer written by hand, and training that can be stopped.
#include "experiments/recursion/recursion_study.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "experiments/nets/target_picture.hpp"
#include "experiments/targets/patterns.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "sgd/recursion/recursion_file.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// RGB to what a network gives for it: the inverse of hsv_to_rgb.
std::array<double, 3> hsv_of(Paint paint) {
  const double most = std::max({paint.r, paint.g, paint.b}), least = std::min({paint.r, paint.g, paint.b});
  const double range = most - least;
  double sixths = 0;
  if (most == paint.r) sixths = (paint.g - paint.b) / range;
  else if (most == paint.g) sixths = 2 + (paint.b - paint.r) / range;
  else sixths = 4 + (paint.r - paint.g) / range;
  return {sixths / 6, range / most, most};
}

/// A tied recursion that folds: its state is (x, y, 1), its block takes |s R (x, y)| apart into rectified halves and
/// takes x and y away, its head is a steep threshold on x + y.
sgd::RecursiveNet by_hand(int rounds) {
  const Fold fold;
  const double c = fold.scale * std::cos(fold.angle), s = fold.scale * std::sin(fold.angle), steep = 1e4;
  const auto light = hsv_of({0.93, 0.89, 0.78}), dark = hsv_of({0.12, 0.2, 0.35});
  sgd::RecursiveNet net{sgd::parse_recursion("rec:" + std::to_string(rounds) + "(3;relu:9;steep-sigmoid:1)"),
                        picture_signature(),
                        {},
                        {}};
  const auto add = [&](std::initializer_list<double> row) {
    for (const double w : row) net.weights.push_back(static_cast<float>(w));
  };
  // E: x, y, d, bias to the state; behind its first row the weight that carries the state on.
  add({1, 0, 0, 0, 1});
  add({0, 1, 0, 0});
  add({0, 0, 0, 1});
  // W1: of (x, y, 1, and the inputs): u = c x - s y and v = s x + c y, both signs; x and y, both signs; the constant.
  for (const double sign : {1.0, -1.0}) add({sign * c, sign * -s, 0, 0, 0, 0, 0});
  for (const double sign : {1.0, -1.0}) add({sign * s, sign * c, 0, 0, 0, 0, 0});
  for (const double sign : {1.0, -1.0}) add({sign, 0, 0, 0, 0, 0, 0});
  for (const double sign : {1.0, -1.0}) add({0, sign, 0, 0, 0, 0, 0});
  add({0, 0, 0, 0, 0, 0, 1});
  // W2
  add({1, 1, 0, 0, -1, 1, 0, 0, -fold.shift.x});
  add({0, 0, 1, 1, 0, 0, -1, 1, -fold.shift.y});
  add({0, 0, 0, 0, 0, 0, 0, 0, 0});
  // A, then R: dark, and the way from there to light.
  add({steep, steep, 0});
  for (std::size_t o = 0; o < 3; ++o) add({0, 0, dark[o], light[o] - dark[o]});
  return net;
}

RecursionJob small_job(double ema = 0) {
  RecursionJob job{.recursion = sgd::parse_recursion("rec:3(4;tanh:6;sigmoid:2)"),
                   .start = {},
                   .stages = {{3, load_target("@fold-1", 24).picture}},
                   .settings = {.steps = 60, .report_every = 10},
                   .ema = ema};
  job.start = sgd::initial_weights(job.recursion, picture_signature(), 4);
  return job;
}

}  // namespace

TEST_CASE("a tied recursion written by hand draws the folds exactly, at its rounds and at one more") {
  constexpr int side = 61;
  const Grid grid{side, side};
  for (int rounds = 1; rounds <= 5; ++rounds) {
    const sgd::RecursiveNet net = by_hand(rounds);
    CHECK_NOTHROW(sgd::validate(net));
    for (const int at : {rounds, rounds + 1}) {
      const Picture picture =
          draw(Plan(sgd::lower(net.recursion, net.signature, at).network), net.weights, grid);
      int compared = 0;
      double apart = 0;
      for (int row = 0; row < side; ++row)
        for (int column = 0; column < side; ++column) {
          const Spot spot{grid.x(column), grid.y(row)}, end = folded(spot, at);
          if (std::abs(end.x + end.y) < 2e-3) continue;  // on the border, within single precision
          const Paint wanted = folds(spot, at);
          const auto pixel = static_cast<std::size_t>(row * side + column);
          for (const auto& [channel, value] : {std::pair{0, wanted.r}, {1, wanted.g}, {2, wanted.b}})
            apart = std::max(apart, std::abs(static_cast<double>(picture.channel(channel)[pixel]) - value));
          ++compared;
        }
      CAPTURE(rounds);
      CAPTURE(at);
      CHECK(compared > side * side * 97 / 100);
      CHECK(apart < 1e-5);
    }
  }
}

TEST_CASE("the R2 of a picture is 1 of itself, 0 of its mean colour, and below for what is farther off") {
  const Picture fold = load_target("@fold-2", 32).picture;
  Picture flat = fold, inverse = fold;
  for (int c = 0; c < 3; ++c) {
    double sum = 0;
    for (const float v : fold.channel(c)) sum += static_cast<double>(v);
    std::ranges::fill(flat.channel(c), static_cast<float>(sum / static_cast<double>(fold.pixels())));
  }
  for (float& v : inverse.rgb) v = 1 - v;
  CHECK(picture_r2(fold, fold) == 1);
  CHECK(std::abs(picture_r2(flat, fold)) < 1e-6);
  CHECK(picture_r2(inverse, fold) < -0.5);
  CHECK(picture_r2(inverse, flat) == 0);
}

TEST_CASE("arms hold as many weights, or as many units, as they say") {
  const sgd::Recursion base = sgd::parse_recursion("rec:3(6;relu:24,tanh:12;steep-sigmoid:4)");
  const auto weights = [&](RecursionArm arm) {
    return sgd::parameter_count(recursion_of(arm, base, 4), picture_signature());
  };
  CHECK(recursion_of(RecursionArm::tied, base, 4).text() == "rec:4(6;relu:24,tanh:12;steep-sigmoid:4)");
  CHECK(recursion_of(RecursionArm::untied, base, 4).text() == "untied:4(6;relu:6,tanh:3;steep-sigmoid:4)");
  CHECK(recursion_of(RecursionArm::untied_deep, base, 4).text() ==
        "untied:4(6;relu:24,tanh:12;steep-sigmoid:4)");
  CHECK(weights(RecursionArm::untied) == weights(RecursionArm::tied));
  CHECK(weights(RecursionArm::untied_deep) > 3 * weights(RecursionArm::tied));
  CHECK(folds_of("@fold-3") == 3);
  CHECK(folds_of("@fold-99") == 0);
  CHECK(folds_of("@face") == 0);
}

TEST_CASE(
    "training a recursion lowers its loss, and stopped and continued it gives the same bits on any threads") {
  const test::TemporaryFolder folder;
  for (const double ema : {0.0, 0.9}) {
    RecursionJob job = small_job(ema);
    job.stages.push_back({2, load_target("@disc", 24).picture});
    const auto whole = run_recursion_training(job, {.file = folder.path() / "none"}, {});
    REQUIRE(whole);
    CHECK(whole->losses.size() == 60);
    CHECK(whole->losses.back() < whole->losses.front());
    CHECK(whole->net.weights[sgd::carrying_slot(picture_signature())] == 1.0f);
    const auto file = folder.path() / "checkpoint";
    int calls = 0;
    CHECK_FALSE(run_recursion_training(job, {.file = file}, [&](const Progress&) { return ++calls < 3; }));
    REQUIRE(std::filesystem::exists(file));
    const ThreadLimit one(1);
    const auto parts = run_recursion_training(job, {.file = file}, {});
    REQUIRE(parts);
    CHECK(parts->steps_now == 30);
    CHECK(parts->net == whole->net);
    CHECK(parts->losses == whole->losses);
    CHECK(parts->best_loss == whole->best_loss);
    job.settings.learning_rate *= 2;
    CHECK_THROWS_AS(run_recursion_training(job, {.file = file}, {}), ConfigError);
    std::filesystem::remove(file);
  }
}

TEST_CASE("a kept mean of the weights is that of the steps") {
  RecursionJob job = small_job(0.5);
  job.settings.steps = 1;
  const auto mean = run_recursion_training(job, {.file = "/nonexistent/checkpoint"}, {});
  RecursionJob plain = small_job();
  plain.settings.steps = 2;  // the weights of the least loss: those after the first step, or the first ones
  const auto last = run_recursion_training(plain, {.file = "/nonexistent/checkpoint"}, {});
  REQUIRE(mean);
  REQUIRE(last);
  REQUIRE(last->losses[1] < last->losses[0]);
  for (std::size_t i = 0; i < job.start.size(); ++i)
    CHECK(mean->net.weights[i] == doctest::Approx(0.5 * (static_cast<double>(job.start[i]) +
                                                         static_cast<double>(last->net.weights[i])))
                                      .epsilon(1e-5));
}

TEST_CASE("what training a recursion cannot honour is refused") {
  RecursionJob job = small_job();
  job.settings.sparsity.keep = 0.5;
  CHECK_THROWS_AS(job.validate(), ConfigError);
  job = small_job();
  job.settings.batch = 10;
  CHECK_THROWS_AS(job.validate(), ConfigError);
  job = small_job();
  job.settings.rewind_step = 5;
  CHECK_THROWS_AS(job.validate(), ConfigError);
  job = small_job(1);
  CHECK_THROWS_AS(job.validate(), ConfigError);
  job = small_job();
  job.stages.clear();
  CHECK_THROWS_AS(job.validate(), ConfigError);
  RecursionStudy study{
      .targets = {"@fold-2"}, .base = sgd::parse_recursion("untied:2(2;relu:2)"), .training = {}};
  CHECK_THROWS_AS(study.validate(), ConfigError);
  study.base = sgd::parse_recursion("rec:2(2;relu:2)");
  CHECK_NOTHROW(study.validate());
  study.targets.push_back("@fold-2");
  CHECK_THROWS_AS(study.validate(), ConfigError);
}

TEST_CASE("a row that overflows far beyond its rounds is counted, and left out of the spread") {
  const double overflown = std::numeric_limits<double>::quiet_NaN();
  const RecursionStudy study{.targets = {"@disc"},
                             .base = sgd::parse_recursion("rec:1(2;relu:2)"),
                             .training = {},
                             .seeds = 3,
                             .beyond = 1,
                             .size = 8};
  std::vector<RecursionRow> rows;
  for (std::uint64_t seed = 0; seed < 3; ++seed)
    for (int rounds = 1; rounds <= 2; ++rounds)
      rows.push_back({.target = "@disc",
                      .seed = seed,
                      .trained = 1,
                      .rounds = rounds,
                      .against = "@disc",
                      .r2 = rounds == 2 || seed == 1 ? overflown : 0.25 * static_cast<double>(seed)});
  const auto drawn = study_summary(study, rows)[0]["arms"][0]["drawn"];
  REQUIRE(drawn.size() == 2);
  CHECK(drawn[0]["r2"]["n"] == 2);
  CHECK(drawn[0]["r2"]["median"] == 0.25);
  CHECK(drawn[0]["not_finite"] == 1);
  CHECK(drawn[1]["r2"].is_null());
  CHECK(drawn[1]["not_finite"] == 3);
}
