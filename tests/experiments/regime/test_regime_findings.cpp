// What is said of a finding: which control counts, and that every number has its shade.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "experiments/drawing/font.hpp"
#include "experiments/regime/regime_files.hpp"
#include "experiments/regime/regime_overall.hpp"
#include "experiments/regime/regime_tables.hpp"

using namespace skein::experiments;

namespace {

ConnectivityEffect effect_with(double p, std::size_t control) {
  ConnectivityEffect effect;
  effect.connection = 1, effect.control = control, effect.column = 2, effect.p = p;
  return effect;
}

}  // namespace

TEST_CASE("the control with the larger p counts, in any order, and one without p only where all are") {
  const double nan = std::nan("");
  std::vector<ConnectivityEffect> effects{effect_with(0.2, 3), effect_with(nan, 4), effect_with(0.6, 5),
                                          effect_with(0.1, 6)};
  effects.push_back(effect_with(0.9, 7));
  effects.back().depth = 3;
  std::ranges::sort(effects, {}, &ConnectivityEffect::control);
  do {
    const auto harder = harder_effect(effects, 1, 2);
    REQUIRE(harder);
    CHECK(effects[*harder].control == 5);
  } while (std::ranges::next_permutation(effects, {}, &ConnectivityEffect::control).found);
  const std::vector<ConnectivityEffect> unknown{effect_with(nan, 3), effect_with(nan, 4)};
  CHECK(harder_effect(unknown, 1, 2) == 0);
  CHECK_FALSE(harder_effect(unknown, 0, 2));
  CHECK_FALSE(harder_effect(unknown, 1, 1));
}

TEST_CASE(
    "networks are held against controls of their count, and against the dense ones that they are cut from") {
  const std::size_t score = regime_column("compositional_score");
  RegimeTarget target;
  target.name = "planted", target.depths = {2, 3}, target.seeds = {0, 1, 2};
  target.connections = {{"dense-adam", {}, "", "dense"},
                        {"dense-muon", {}, "", "dense, Muon"},
                        {"dense-adam", {{"init-scale", "2"}}, "", "dense, twice"},
                        {"sp", {}, "0.1", "SP"},
                        {"sp", {{"optimizer", "muon"}}, "0.1", "SP, Muon"},
                        {"shuffle", {}, "0.1", "shuffle"}};
  const double values[] = {0.2, 0.5, 0.7, 0.3, 0.9, 0.25};
  for (const int depth : target.depths)
    for (const std::uint64_t seed : target.seeds)
      for (std::size_t c = 0; c < target.connections.size(); ++c) {
        RegimeRow row{c, depth, seed, RowStatus::done, false, {}};
        row.values.assign(regime_columns().size(), std::nan(""));
        row.values[score] = values[c] + 0.01 * depth + 0.001 * static_cast<double>(seed);
        target.rows.push_back(row);
      }
  const auto finding = analyse_regime({target}, "compositional_score", {.permutations = 19}, {}).at(0);
  std::map<std::pair<std::size_t, std::size_t>, double> effects;
  for (const ConnectivityEffect& effect : finding.effects)
    if (!effect.depth && effect.column == score) {
      CHECK(effect.pairs == 6);
      CHECK(effect.same_count == (effect.control == 5));
      effects[{effect.connection, effect.control}] = effect.effect;
    }
  REQUIRE(effects.size() == 4);
  CHECK(effects.at({3, 0}) == doctest::Approx(0.1));
  CHECK(effects.at({4, 1}) == doctest::Approx(0.4));
  CHECK(effects.at({3, 5}) == doctest::Approx(0.05));
  CHECK(effects.at({5, 0}) == doctest::Approx(0.05));
  // What is beyond count is told by the control of the count alone, however large the other's p.
  REQUIRE(finding.judged_effect);
  CHECK(finding.effects[*finding.judged_effect].control == 5);
}

TEST_CASE("over targets each target's effect over all depths is one value") {
  std::vector<RegimeFinding> findings(4);
  const double effects[] = {0.1, 0.2, 0.3, std::nan("")};
  for (std::size_t t = 0; t < 4; ++t) {
    findings[t].target.connections = {
        {"dense-adam", {}, "", ""}, {"sp", {}, "0.1", ""}, {"shuffle", {}, "0.1", ""}};
    ConnectivityEffect at_depth = effect_with(0.5, 2), all = effect_with(0.5, 2);
    at_depth.depth = 3, at_depth.effect = 7, all.effect = effects[t];
    findings[t].effects = {at_depth, all};
  }
  const auto overall = overall_effects(findings);
  REQUIRE(overall.size() == 1);
  CHECK(overall[0].connection.method == "sp");
  CHECK(overall[0].control.method == "shuffle");
  CHECK(overall[0].targets == 3);
  CHECK(overall[0].positive == 3);
  CHECK(overall[0].effect == doctest::Approx(0.2));
  CHECK(overall[0].high - overall[0].low == doctest::Approx(2 * 4.30265 * 0.1 / std::sqrt(3.0)));
  CHECK(overall[0].p == 0.25);
  CHECK(overall_csv(findings).find("sp,0.1,shuffle,") != std::string::npos);
}

TEST_CASE("cells of all targets: what every one has, means over targets, of losses the geometric one") {
  std::vector<RegimeFinding> findings(2);
  const std::size_t loss = regime_column("loss"), score = regime_column("compositional_score");
  for (std::size_t t = 0; t < 2; ++t) {
    RegimeFinding& finding = findings[t];
    finding.target.name = t == 0 ? "a" : "b";
    finding.target.depths = t == 0 ? std::vector{2, 3, 5} : std::vector{2, 5, 6};
    finding.target.connections = {{"dense-adam", {}, "", "dense"}, {"sp", {}, "0.1", "SP"}};
    if (t == 1) std::swap(finding.target.connections[0], finding.target.connections[1]);
    for (const int depth : finding.target.depths)
      for (std::size_t c = 0; c < 2; ++c)
        for (const std::size_t column : {loss, score}) {
          const bool dense = finding.target.connections[c].method == "dense-adam";
          RegimeCell cell;
          cell.connection = c, cell.depth = depth, cell.column = column, cell.blank = t;
          cell.n = dense || depth != 5 || t == 0 ? 4 : 0;
          cell.mean = column == loss ? (t == 0 ? 0.01 : 0.0001) : (dense ? 0.4 : 0.5) + 0.02 * depth * t;
          finding.cells.push_back(cell);
        }
  }
  const auto all = over_targets(findings);
  REQUIRE(all);
  CHECK(all->target.depths == std::vector{2, 5});
  REQUIRE(all->target.connections.size() == 2);
  CHECK(all->cells.size() == 2 * 2 * 2);
  for (const RegimeCell& cell : all->cells) {
    const bool sp = all->target.connections[cell.connection].method == "sp";
    CHECK(cell.blank == 1);
    CHECK(cell.n == (sp && cell.depth == 5 ? 1 : 2));
    if (cell.n == 2 && cell.column == loss) CHECK(cell.mean == doctest::Approx(0.001));
    if (cell.n == 2 && cell.column == score)
      CHECK(cell.mean == doctest::Approx((sp ? 0.5 : 0.4) + 0.01 * cell.depth));
  }
  CHECK_FALSE(over_targets({findings.data(), 1}));
}

TEST_CASE("the shape over targets is that of their means, each target in the place of a seed") {
  const std::size_t score = regime_column("compositional_score"), loss = regime_column("loss");
  std::vector<RegimeFinding> findings(6);
  for (std::size_t t = 0; t < findings.size(); ++t) {
    RegimeFinding& finding = findings[t];
    finding.target.depths = {2, 3, 4, 5, 6, 7, 8, 9};
    finding.target.connections = {{"sp", {}, "0.1", "SP"}, {"sp", {{"lr", "0.1"}}, "0.1", "SP, lr"}};
    for (const int depth : finding.target.depths)
      for (std::size_t c = 0; c < 2; ++c)
        for (const std::size_t column : {loss, score}) {
          RegimeCell cell;
          cell.connection = c, cell.depth = depth, cell.column = column, cell.n = 4;
          // Plain SP: a level of its own, a peak at 5; by the loss, worse the deeper. The variant: nothing of either.
          const double peak = depth == 5 ? 1 : 0.01 * static_cast<double>((depth * 7 + t * 5) % 3);
          cell.mean = column == loss ? std::pow(10, 0.1 * depth - 4) : static_cast<double>(t) + peak;
          if (c == 1) cell.n = 0, cell.mean = std::nan("");
          finding.cells.push_back(cell);
        }
  }
  const auto all = over_targets(findings);
  REQUIRE(all);
  REQUIRE(all->target.connections.size() == 2);
  REQUIRE(all->shapes.size() == 2);  // the variant has no number, so no shape
  for (const RegimeShape& shape : all->shapes) {
    CHECK(shape.connection == 0);
    CHECK(shape.finding.seeds == 6);
    CHECK(shape.finding.shape == (shape.column == loss ? DepthShape::monotone : DepthShape::peak));
    if (shape.column == score) CHECK(shape.finding.place == 5);
    if (shape.column == loss) CHECK(shape.finding.trend == doctest::Approx(-0.1));
  }
  CHECK(shapes_csv({&*all, 1}).find("sp,0.1,compositional_score,peak,5,") != std::string::npos);
}

TEST_CASE("a loss of 0 has the best shade of its heat map, and the others keep theirs") {
  RegimeFinding finding;
  finding.target.name = "planted";
  finding.target.depths = {1, 2, 3, 4};
  finding.target.connections = {{"sp", {}, "0.1", "SP, 0.1"}};
  const double losses[] = {0, 0.01, 0.1, 1};
  for (std::size_t d = 0; d < 4; ++d) {
    RegimeCell cell;
    cell.depth = finding.target.depths[d], cell.column = regime_column("loss");
    cell.n = 5, cell.mean = losses[d];
    finding.cells.push_back(cell);
  }
  std::vector<Colour> shades;
  for (const Mark& mark : regime_figure(finding).marks)
    if (const Area* area = std::get_if<Area>(&mark)) shades.push_back(area->colour);
  CHECK(shades == std::vector<Colour>{diverging(0.75), diverging(0.75), diverging(0.375), diverging(0)});
}

TEST_CASE("a heat map of one depth is as wide as what is written above it") {
  RegimeFinding finding;
  finding.target.name = "planted";
  finding.target.depths = {4};
  finding.target.connections = {{"sp", {}, "0.1", "SP"}};
  RegimeCell cell;
  cell.depth = 4, cell.column = regime_column("loss"), cell.n = 5, cell.mean = 0.1;
  finding.cells.push_back(cell);
  for (const Drawing& figure : {regime_figure(finding), regime_figure_of_all(finding)}) {
    int heads = 0;
    for (const Mark& mark : figure.marks)
      if (const Text* text = std::get_if<Text>(&mark); text && text->at.y < 50) {
        CHECK(text->at.x + text_width(text->text, text->style.size, text->style.bold) <= figure.width);
        ++heads;
      }
    CHECK(heads == 2);
  }
}
