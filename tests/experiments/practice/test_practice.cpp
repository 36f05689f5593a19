// Wirings drawn by the law of the volume are those that the volume counts; theory against practice on planted cells.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>

#include "experiments/measures/measures.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/practice/drawn_wiring.hpp"
#include "experiments/practice/practice_targets.hpp"
#include "experiments/practice/volume_practice.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

constexpr int inputs = 4;

RandomWiring law_of(int width, int depth, double copies) {
  return {.sources = inputs, .width = width, .depth = depth, .fan_in = 2, .copies = copies};
}

/// Whether each input has a unit at the top that it alone reaches, by the masks.
bool keeps_apart(const sgd::Wiring& wiring) {
  std::vector<unsigned> reached(inputs);
  for (unsigned i = 0; i < inputs; ++i) reached[i] = 1u << i;
  for (int layer = 0; layer < wiring.depth(); ++layer) {
    const MatrixShape shape = wiring.shape(layer);
    std::vector<unsigned> next(static_cast<std::size_t>(shape.rows), 0u);
    for (int row = 0; row < shape.rows; ++row)
      for (int column = 0; column < shape.columns; ++column)
        if (wiring.masks[static_cast<std::size_t>(layer)]
                        [static_cast<std::size_t>(row * shape.columns + column)])
          next[static_cast<std::size_t>(row)] |= reached[static_cast<std::size_t>(column)];
    reached = std::move(next);
  }
  unsigned pure = 0;
  for (const unsigned inside : reached)
    if (std::has_single_bit(inside)) pure |= inside;
  return pure == (1u << inputs) - 1;
}

PracticeStart start_of_parts(std::optional<double> participation) {
  PracticeStart start;
  start.arrived = participation.has_value();
  start.participation = participation;
  return start;
}

/// Four cells whose theory rises; of eight starts each so many arrive, factored in the last two.
std::vector<PracticeCell> planted(const std::vector<int>& arrivals) {
  std::vector<PracticeCell> cells;
  for (std::size_t c = 0; c < arrivals.size(); ++c) {
    PracticeCell cell;
    cell.theory.value = 0.1 * static_cast<double>(c + 1);
    for (int s = 0; s < 8; ++s)
      cell.starts.push_back(
          start_of_parts(s < arrivals[c] ? std::optional(c < 2 ? 3.0 : 1.2) : std::nullopt));
    cells.push_back(std::move(cell));
  }
  return cells;
}

PracticeSettings quick_practice() {
  PracticeSettings settings;
  settings.law = {.sources = 3};
  settings.widths = {8};
  settings.depths = {1, 2};
  settings.samples = 200;
  settings.starts = 3;
  settings.fit.train.steps = 300;
  settings.bar_share = 0.999;
  return settings;
}

void same(const PracticeFindings& a, const PracticeFindings& b) {
  REQUIRE(a.cells.size() == b.cells.size());
  for (std::size_t c = 0; c < a.cells.size(); ++c) {
    CHECK(a.cells[c].theory.value == b.cells[c].theory.value);
    CHECK(a.cells[c].median_participation == b.cells[c].median_participation);
    REQUIRE(a.cells[c].starts.size() == b.cells[c].starts.size());
    for (std::size_t s = 0; s < a.cells[c].starts.size(); ++s) {
      CHECK(a.cells[c].starts[s].result.best_loss == b.cells[c].starts[s].result.best_loss);
      CHECK(a.cells[c].starts[s].participation == b.cells[c].starts[s].participation);
    }
  }
}

}  // namespace

TEST_CASE("a drawn wiring reads as the law says: copies one unit, the outputs all of the top") {
  const sgd::Wiring wiring = drawn_wiring(law_of(12, 3, 0.5), 7);
  REQUIRE(wiring.depth() == 3);
  CHECK(wiring == drawn_wiring(law_of(12, 3, 0.5), 7));
  CHECK(!(wiring == drawn_wiring(law_of(12, 3, 0.5), 8)));
  int copies = 0;
  for (int layer = 0; layer < 3; ++layer) {
    const auto l = static_cast<std::size_t>(layer);
    const MatrixShape shape = wiring.shape(layer);
    REQUIRE(shape.rows == 12);
    for (int unit = 0; unit < shape.rows; ++unit) {
      const auto row = wiring.masks[l].begin() + unit * shape.columns;
      const auto read = std::count(row, row + shape.columns, 1);
      const sgd::UnitKind kind = wiring.hidden[l][static_cast<std::size_t>(unit)].kind;
      if (kind.cache) CHECK(read == 1);
      else CHECK(kind.activation != Activation::identity);
      copies += kind.cache ? 1 : 0;
    }
  }
  CHECK(copies > 8);
  CHECK(copies < 28);
  CHECK(std::ranges::count(wiring.masks.back(), 1) == 36);
  CHECK_THROWS_AS(drawn_wiring({.sources = 3, .width = 12}, 1), ConfigError);
}

TEST_CASE("as many drawn wirings keep the inputs apart as the volume says") {
  for (const double copies : {0.0, 0.5})
    for (const int depth : {1, 2, 3}) {
      const RandomWiring law = law_of(24, depth, copies);
      constexpr std::uint64_t draws = 600;
      std::uint64_t apart = 0;
      for (std::uint64_t seed = 0; seed < draws; ++seed)
        apart += keeps_apart(drawn_wiring(law, seed)) ? 1 : 0;
      const Share seen = wilson_share(apart, draws, 3.3);
      const double said = sample_volume(law, 0, 20'000, 1)->compositional.value;
      CAPTURE(copies);
      CAPTURE(depth);
      CHECK(seen.low <= said);
      CHECK(said <= seen.high);
    }
}

TEST_CASE(
    "theory and practice agree where they rise together, disagree where one falls, and say so where nothing "
    "varies") {
  const auto rising = agreement_of(planted({1, 3, 5, 8}), 1.5, 1);
  REQUIRE(rising.size() == 3);
  CHECK(*rising[0].correlation == doctest::Approx(1));
  CHECK(*rising[1].correlation > 0.9);
  CHECK(*rising[2].correlation > 0.85);
  CHECK(*rising[0].low > 0);
  CHECK(*rising[0].high <= 1);
  const auto falling = agreement_of(planted({8, 5, 3, 1}), 1.5, 1);
  CHECK(*falling[0].correlation == doctest::Approx(-1));
  CHECK(*falling[0].high < 0);
  const auto level = agreement_of(planted({0, 0, 0, 0}), 1.5, 1);
  for (const Agreement& one : level) CHECK(!one.correlation);
  CHECK(level[2].cells == 0);
  const auto few = agreement_of(planted({0, 2, 0, 4}), 1.5, 1);
  CHECK(few[0].cells == 4);
  CHECK(few[2].cells == 2);
}

TEST_CASE("the participation alone is the one of the table") {
  const Net net = load_net("@face");
  const BasinTarget face = load_basin_target("@face", 32);
  ScoreSettings settings{.seed = 3, .size = 32, .weights = 40, .directions = 4, .units = 8, .noise_draws = 1};
  settings.parts = face.parts;
  const Subject subject = subject_of(as_mlp(net));
  CHECK(participation_of(subject, settings) == score(subject, settings).at("participation").value);
  settings.parts.reset();
  CHECK_THROWS_AS(participation_of(subject, settings), ConfigError);
}

TEST_CASE(
    "practice: the same on any threads and from what is known, arrivals measured, none where none can "
    "arrive") {
  const test::TemporaryFolder folder;
  const auto targets = sketch_targets(sketches_of(3, 2), 16, folder.path());
  REQUIRE(targets.size() == 2);
  for (const BasinTarget& target : targets) CHECK(part_count(target) == 3);
  StartBook nothing, kept;
  kept.keep = [&](const std::string& wiring, const StartResult& start) {
    if (start.index != 1) kept.known[{wiring, start.index}] = start;
  };
  const auto whole = practise(targets, quick_practice(), nothing, {});
  REQUIRE(whole);
  {
    const ThreadLimit one(1);
    same(*whole, *practise(targets, quick_practice(), kept, {}));
  }
  CHECK(kept.known.size() == 8);
  kept.keep = {};
  same(*whole, *practise(targets, quick_practice(), kept, {}));
  std::size_t arrived = 0;
  for (const PracticeCell& cell : whole->cells)
    for (const PracticeStart& start : cell.starts) {
      CHECK(start.arrived == start.participation.has_value());
      if (start.participation) CHECK(*start.participation >= 1);
      if (start.participation) CHECK(*start.participation <= 4);  // three parts and what is outside
      arrived += start.arrived ? 1 : 0;
    }
  CHECK(arrived > 0);
  PracticeSettings strict = quick_practice();
  strict.bar_share = 1e-9;
  const auto none = practise(targets, strict, nothing, {});
  REQUIRE(none);
  for (const PracticeCell& cell : none->cells) {
    CHECK(cell.arrived.value == 0);
    CHECK(!cell.median_participation);
  }
  CHECK(!practise(targets, quick_practice(), nothing, [](const Progress&) { return false; }));
}

TEST_CASE("practice refuses what means nothing") {
  StartBook book;
  PracticeSettings settings = quick_practice();
  settings.widths = {3};
  CHECK_THROWS_WITH_AS(settings.validate(), doctest::Contains("inputs"), ConfigError);
  settings = quick_practice();
  settings.starts = 0;
  CHECK_THROWS_AS(settings.validate(), ConfigError);
  settings = quick_practice();
  settings.bar_share = 1;
  CHECK_THROWS_AS(settings.validate(), ConfigError);
  settings = quick_practice();
  settings.factored = 0.5;
  CHECK_THROWS_AS(settings.validate(), ConfigError);
  CHECK_THROWS_AS(labelled_targets({"@face"}, 3, 16), ConfigError);
  CHECK_THROWS_AS(sketches_of(9, 1), ConfigError);
}
