#include "experiments/targets/targets.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "experiments/targets/evolved_targets.hpp"
#include "lib/base/error.hpp"
#include "lib/engine/engine.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

struct Box {
  double left, right, top, bottom;
  bool holds(double x, double y) const { return x >= left && x <= right && y >= top && y <= bottom; }
};

/// Where the factors of the pictures written by hand sit. A factor that is not here reaches everywhere.
const std::map<std::string, std::map<std::string, Box>> places{{"face",
                                                                {{"eyes", {-0.5, 0.5, -0.35, 0.05}},
                                                                 {"brows", {-0.6, 0.6, -0.55, -0.2}},
                                                                 {"nose", {-0.25, 0.25, -0.25, 0.45}},
                                                                 {"mouth", {-0.65, 0.65, 0.2, 0.75}}}},
                                                               {"flower",
                                                                {{"petals", {-0.85, 0.85, -1.0, 0.6}},
                                                                 {"centre", {-0.4, 0.4, -0.65, 0.15}},
                                                                 {"stem", {-0.3, 0.3, 0.0, 1.0}},
                                                                 {"leaves", {-0.9, 0.9, 0.15, 1.0}}}},
                                                               {"sunset",
                                                                {{"sun", {-0.8, 0.3, -0.65, 0.4}},
                                                                 {"hills", {-1.0, 1.0, -0.3, 0.4}},
                                                                 {"sea", {-1.0, 1.0, 0.2, 1.0}},
                                                                 {"reflection", {-1.0, 0.6, 0.2, 1.0}}}}};

/// Mean change of the picture in all and inside the box when one weight w moves up and down by
/// max(|w|, 1) / 20.
struct ChangeInBox {
  double everywhere = 0, inside = 0;
};

ChangeInBox effect_of(const Plan& plan, Weights weights, const Picture& picture, std::size_t slot,
                      const Grid& grid, const Box& box) {
  ChangeInBox effect;
  const float rest = weights[slot];
  const float step = std::max(std::abs(rest), 1.0F) / 20;
  for (const float moved_to : {rest - step, rest + step}) {
    weights[slot] = moved_to;
    const Picture moved = draw(plan, weights, grid);
    for (std::size_t i = 0; i < moved.rgb.size(); ++i) {
      const auto pixel = static_cast<int>(i % grid.pixels());
      const double change = std::abs(static_cast<double>(moved.rgb[i]) - static_cast<double>(picture.rgb[i]));
      effect.everywhere += change;
      if (box.holds(grid.x(pixel % grid.width), grid.y(pixel / grid.width))) effect.inside += change;
    }
  }
  const double count = 2.0 * static_cast<double>(picture.rgb.size());
  return {effect.everywhere / count, effect.inside / count};
}

}  // namespace

TEST_CASE("built-in targets are found by name and an unknown one is refused with the names") {
  CHECK(built_in_target("@face").name == "face");
  CHECK(built_in_target("disc").name == "disc");
  CHECK_THROWS_WITH_AS(built_in_target("@nobody"), doctest::Contains("@flower"), ConfigError);
  std::set<std::string> names;
  for (const BuiltInTarget& target : built_in_targets()) CHECK(names.insert(target.name).second);
}

TEST_CASE("every built-in target draws a picture that is not plain") {
  for (const BuiltInTarget& target : built_in_targets()) {
    CAPTURE(target.name);
    const Picture picture = target.draw({32, 24});
    CHECK(picture.width == 32);
    CHECK(picture.height == 24);
    double deviation = 0;
    for (int c = 0; c < 3; ++c) {
      const auto channel = picture.channel(c);
      double sum = 0, squares = 0;
      for (const float value : channel) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
      }
      const auto count = static_cast<double>(channel.size());
      deviation = std::max(deviation, squares / count - sum / count * sum / count);
    }
    CHECK(std::sqrt(deviation) > 0.05);
  }
}

TEST_CASE("each link of the pictures written by hand changes the factor that it is labelled with") {
  const Grid grid{80, 80};
  for (const auto& [name, boxes] : places) {
    CAPTURE(name);
    const neat::AnnotatedGenome target = built_in_target(name).genome();
    CHECK(target.genome.links.size() >= 30);
    CHECK(target.genome.links.size() <= 70);
    REQUIRE(target.notes.labels.size() == target.genome.links.size());
    const neat::Phenotype phenotype = neat::express(target.genome);
    CHECK(phenotype.network.depth() >= 6);
    const Plan plan(phenotype.network);
    const Picture picture = draw(plan, phenotype.weights, grid);
    for (std::size_t slot = 0; slot < phenotype.weights.size(); ++slot) {
      const neat::LinkLabel& label = target.notes.labels[phenotype.link_of_slot[slot]];
      REQUIRE(label.link == target.genome.links[phenotype.link_of_slot[slot]].id);
      CAPTURE(label.label);
      CAPTURE(slot);
      const auto box = boxes.find(label.label);
      const Box everywhere{-1, 1, -1, 1};
      const ChangeInBox effect = effect_of(plan, phenotype.weights, picture, slot, grid,
                                           box == boxes.end() ? everywhere : box->second);
      CHECK(effect.everywhere > 1e-6);
      CHECK(effect.inside > 0.9 * effect.everywhere);
    }
  }
}

TEST_CASE("evolved targets span networks from few links to many and say where they come from") {
  std::size_t fewest = 1000, most = 0;
  int shallowest = 1000, deepest = 0;
  for (const EvolvedTarget& target : evolved_targets()) {
    CAPTURE(std::string(target.name));
    const neat::Phenotype phenotype = neat::express(genome_of(target).genome);
    CHECK(phenotype.weights.size() == target.links.size());
    fewest = std::min(fewest, target.links.size());
    most = std::max(most, target.links.size());
    shallowest = std::min(shallowest, phenotype.network.depth());
    deepest = std::max(deepest, phenotype.network.depth());
    CHECK(target.command.starts_with("skein evolve --goal map-elites"));
    // The line of mothers ends with this genome's own birth.
    const auto last = target.lineage.rfind("> ");
    REQUIRE(last != std::string_view::npos);
    CHECK(target.lineage.substr(last + 2).starts_with(std::to_string(target.birth)));
  }
  CHECK(evolved_targets().size() >= 8);
  CHECK(fewest <= 8);
  CHECK(most > 60);
  CHECK(shallowest <= 4);
  CHECK(deepest > 20);
}
