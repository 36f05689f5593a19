#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "experiments/judges/detector_judge.hpp"
#include "experiments/judges/judge_trial.hpp"
#include "experiments/measures/measures.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

constexpr int side = detector_size;

template <class Level>
Picture picture_of(Level&& level) {
  Picture picture(side, side);
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column)
      for (int c = 0; c < 3; ++c)
        picture.channel(c)[static_cast<std::size_t>(row * side + column)] =
            static_cast<float>(level(column, row));
  return picture;
}

/// Two small dark discs and a bar in a light disc before a grey ground; the large disc and what it holds moved by `shift`.
double figure(int column, int row, double shift = 0) {
  const double x = column - shift, y = row;
  if (std::hypot(x - 24, y - 26) < 4 || std::hypot(x - 39, y - 26) < 4) return 0.1;
  if (std::abs(x - 31.5) < 8 && std::abs(y - 42) < 2) return 0.3;
  return std::hypot(x - 31.5, y - 32) < 22 ? 0.9 : 0.6;
}

double trait(const std::optional<DetectorTraits>& traits, DetectorTrait which) {
  REQUIRE(traits);
  return (*traits)[static_cast<std::size_t>(which)];
}

Picture still() {
  return picture_of([](int c, int r) { return figure(c, r); });
}

/// Rows in bands of four, every other band moved aside.
Picture torn() {
  return picture_of([](int c, int r) { return figure(c, r, r / 4 % 2 ? 5 : -5); });
}

Picture noisy() {
  RandomStream stream(1, "noise over a picture");
  Picture picture = still();
  for (std::size_t p = 0; p < picture.pixels(); ++p) {
    const auto grain = static_cast<float>(0.3 * stream.normal());
    for (int c = 0; c < 3; ++c) picture.channel(c)[p] = std::clamp(picture.channel(c)[p] + grain, 0.0f, 1.0f);
  }
  return picture;
}

}  // namespace

TEST_CASE("the detector finds the parts of a picture, each with its area and centre") {
  const PartDetector detector(still());
  const DetectedParts& found = detector.parts();
  REQUIRE(found.parts.size() == 5);
  CHECK(found.specks == 0);
  // Ground, disc, bar, left and right eye: the largest first.
  CHECK(found.parts[0].area > found.parts[1].area);
  CHECK(found.parts[1].x == doctest::Approx(31.5));
  CHECK(found.parts[2].y == doctest::Approx(42));
  CHECK(found.parts[3].area == found.parts[4].area);
  CHECK(found.parts[3].x + found.parts[4].x == doctest::Approx(63));
  double area = 0;
  for (const DetectedPart& part : found.parts) area += part.area;
  CHECK(area == side * side);
}

TEST_CASE(
    "a whole figure that moves keeps its parts; torn or noisy it has more, and changes in more places") {
  const PartDetector detector(still());
  const auto moved = detector.traits_of(picture_of([](int c, int r) { return figure(c, r, 4); }));
  CHECK(trait(moved, DetectorTrait::count) == 0);
  for (const Picture& broken : {torn(), noisy()}) {
    const auto traits = detector.traits_of(broken);
    for (const DetectorTrait which : {DetectorTrait::count, DetectorTrait::patches})
      CHECK_MESSAGE(trait(traits, which) > trait(moved, which) + 0.05, name(which));
  }
  const auto recoloured = detector.traits_of(picture_of([](int c, int r) {
    const double level = figure(c, r);
    return level == 0.3 ? 0.6 : level;
  }));
  CHECK(trait(recoloured, DetectorTrait::count) == 0);
  CHECK(trait(recoloured, DetectorTrait::asymmetry) == 0);
  CHECK(trait(recoloured, DetectorTrait::patches) == doctest::Approx(std::log(2)));
  // One eye closes: its pixels, and those that were their mirror image, have lost their partner.
  const auto winking = detector.traits_of(
      picture_of([](int c, int r) { return std::hypot(c - 24.0, r - 26.0) < 4 ? 0.9 : figure(c, r); }));
  CHECK(trait(winking, DetectorTrait::asymmetry) == 2);
  CHECK(trait(winking, DetectorTrait::count) < 0);
}

TEST_CASE("the detector judges a disc that moves whole, torn ones and noise broken") {
  const auto disc = [](double x, double y) { return std::hypot(x - 31.5, y - 32) < 16 ? 0.9 : 0.3; };
  const PartDetector of_disc(picture_of([&](int c, int r) { return disc(c, r); }));
  CHECK(of_disc.judge(picture_of([&](int c, int r) { return disc(c - 4, r); })) > 0.5);
  CHECK(of_disc.judge(picture_of(
            [&](int c, int r) { return disc(31.5 + (c - 31.5) / 1.2, 32 + (r - 32) / 1.2); })) > 0.5);
  CHECK(of_disc.judge(picture_of([&](int c, int r) { return disc(c - (r / 4 % 2 ? 5 : -5), r); })) < 0.5);

  // Of a figure with parts in it every contour that moves is a patch of its own; its order of answers is right.
  const PartDetector detector(still());
  const auto moved = detector.judge(picture_of([](int c, int r) { return figure(c, r, 4); }));
  const auto shaded = detector.judge(picture_of([](int c, int r) {
    const double level = figure(c, r);
    return level == 0.3 ? 0.6 : level;
  }));
  CHECK(shaded > 0.5);
  CHECK(shaded > moved);
  for (const Picture& broken : {torn(), noisy()}) {
    CHECK(detector.judge(broken) < 0.5);
    CHECK(detector.judge(broken) < moved);
  }
}

TEST_CASE(
    "the detector's answer to the same picture, to blank ones and to numbers that are none is defined") {
  const PartDetector detector(still());
  const Picture blank = picture_of([](int, int) { return 0.5; });
  CHECK(!detector.judge(still()));             // nothing has changed
  CHECK(detector.judge(blank) == 0.0);         // nothing of the picture is left
  CHECK(!PartDetector(blank).judge(still()));  // it had no parts
  CHECK(!PartDetector(blank).judge(blank));
  const Picture nothing = picture_of([](int, int) { return std::nan(""); });
  CHECK(detector.judge(nothing) == 0.0);
  CHECK(!PartDetector(nothing).judge(still()));
  Picture large(200, 200), small(1, 1);
  std::fill(large.rgb.begin(), large.rgb.begin() + 9000, 1.0f);
  CHECK(PartDetector(large).parts().parts.size() >= 2);
  CHECK(PartDetector(small).parts().parts.size() == 1);
}

TEST_CASE("what the detector says of a network is the same on any number of threads, and becomes its score") {
  ScoreSettings settings;
  settings.size = 64;
  settings.weights = 12;
  settings.directions = 6;
  settings.noise_draws = 1;
  settings.resamples = 5;
  Evidence evidence = gather(subject_of(flower().genome), settings);
  const Score by_structure = score(evidence);
  judge_by_detector(evidence);
  std::vector<double> opinions;
  for (const Effect& effect : evidence.weights.effects)
    if (effect.whole) opinions.push_back(*effect.whole);
  REQUIRE(!opinions.empty());
  double sum = 0;
  for (const double opinion : opinions) sum += opinion;
  const Score by_detector = score(evidence);
  CHECK(by_detector.at("compositional_score").value ==
        doctest::Approx(sum / static_cast<double>(opinions.size())));
  CHECK(by_detector.at("effect_spread").value == by_structure.at("effect_spread").value);
  const ThreadLimit limit(1);
  Evidence again = gather(subject_of(flower().genome), settings);
  judge_by_detector(again);
  for (const auto steps : {&Evidence::weights, &Evidence::directions}) {
    const auto &effects = (evidence.*steps).effects, &alone = (again.*steps).effects;
    REQUIRE(alone.size() == effects.size());
    for (std::size_t i = 0; i < alone.size(); ++i) CHECK(alone[i].whole == effects[i].whole);
  }
}

TEST_CASE("areas, accuracy and logistic fits have known answers") {
  const std::vector<double> low{0.1, 0.2}, high{0.8, 0.9}, same{0.5, 0.5};
  CHECK(area_under_curve(high, low) == 1);
  CHECK(area_under_curve(low, high) == 0);
  CHECK(area_under_curve(same, same) == 0.5);
  CHECK(area_under_curve({}, low) == 0.5);
  CHECK(balanced_accuracy(high, low) == 1);
  CHECK(balanced_accuracy(high, high) == 0.5);
  CHECK(balanced_accuracy(same, low) == 0.75);
  std::vector<LogisticRow> rows;
  RandomStream stream(3, "rows with a known slope");
  for (int i = 0; i < 4000; ++i) {
    const double x = stream.normal(), idle = stream.normal();
    rows.push_back({{x, idle}, stream.chance(1 / (1 + std::exp(-(0.5 + 2 * x)))), 1});
  }
  const LogisticFit fit = fit_logistic(rows, 1e-6);
  CHECK(fit.intercept == doctest::Approx(0.5).epsilon(0.2));
  CHECK(fit.slope[0] == doctest::Approx(2).epsilon(0.1));
  CHECK(std::abs(fit.slope[1]) < 0.15);
  const std::vector<double> far{100.0, 0.0}, edge{fit.high[0], 0.0};
  CHECK(fit.chance(far) == fit.chance(edge));
  CHECK_THROWS_AS(fit_logistic({}), ConfigError);
  rows.push_back({{1.0}, true, 1});
  CHECK_THROWS_AS(fit_logistic(rows), ConfigError);
}

TEST_CASE("judges are tried on twins and labels, every group with its steps counted") {
  ScoreSettings settings;
  settings.size = 48;
  settings.weights = 16;
  settings.directions = 8;
  const neat::AnnotatedGenome picture = flower();
  const auto trials = try_judges_on_labels(picture.genome, picture.notes.labels, settings);
  REQUIRE(trials.size() >= 2);  // every link of it carries a label, so there are no others
  for (const JudgeTrial& trial : trials) {
    CHECK(trial.against != "other links");
    CHECK(trial.whole_steps > 0);
    CHECK(trial.low <= trial.area);
    CHECK(trial.area <= trial.high);
  }
  CHECK(try_judges_on_labels(picture.genome, picture.notes.labels, settings)[1].low == trials[1].low);
  CHECK_THROWS_AS(try_judges_on_labels(picture.genome, {}, settings), ConfigError);
}
