#include "experiments/search/picture_search.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "experiments/cli/command.hpp"
#include "experiments/search/reach_table.hpp"
#include "experiments/targets/targets.hpp"
#include "lib/base/parallel.hpp"
#include "lib/engine/engine.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

SearchSettings small_search() {
  SearchSettings settings;
  settings.variation.population = 20;
  settings.variation.speciation.control.species = 4;
  settings.evaluations = 80;
  settings.fit.steps = 2;
  settings.levels = 3;
  return settings;
}

Picture face(int size) { return built_in_target("face").draw(Grid{size, size}); }

double error_of(const neat::Genome& genome, const Picture& target) {
  const neat::Phenotype phenotype = neat::express(genome);
  return std::sqrt(mean_squared_error(
      draw(Plan(phenotype.network), phenotype.weights, Grid{target.width, target.height}), target));
}

}  // namespace

TEST_CASE("every arm costs what it says, comes nearer and keeps the genome that drew its nearest picture") {
  const Picture target = face(16);
  const SearchSettings settings = small_search();
  for (const Arm arm : all_arms) {
    CAPTURE(name(arm));
    CHECK(parse_arm(name(arm)) == arm);
    const Found found = arm == Arm::open_ended ? search_openly(std::vector{target}, settings, 1).front()
                                               : search_for(target, arm, settings, 1);
    REQUIRE(found.course.size() == 3);
    const Cost cost = cost_of(arm, settings);
    CHECK(found.course.back().cost.evaluations == cost.evaluations);
    CHECK(found.course.back().cost.pictures == cost.pictures);
    for (std::size_t i = 1; i < 3; ++i) {
      CHECK(found.course[i].error <= found.course[i - 1].error);
      CHECK(found.course[i].cost.evaluations >= found.course[i - 1].cost.evaluations);
    }
    CHECK(error_of(found.nearest, target) == doctest::Approx(found.course.back().error).epsilon(1e-5));
  }
  CHECK(cost_of(Arm::same_pixels, settings).pictures == cost_of(Arm::lamarckian, settings).pictures);
  CHECK(cost_of(Arm::same_work, settings).evaluations == 80 * 7);
}

TEST_CASE("searches are the same on any number of threads and stop when asked to") {
  const Picture target = face(16);
  for (const Arm arm : {Arm::target_driven, Arm::baldwinian}) {
    const Found many = search_for(target, arm, small_search(), 3);
    const ThreadLimit limit(1);
    const Found one = search_for(target, arm, small_search(), 3);
    CHECK(one.nearest == many.nearest);
    CHECK(one.course.back().error == many.course.back().error);
  }
  const auto stop = [](const Progress&) { return false; };
  CHECK_THROWS_AS(search_for(target, Arm::target_driven, small_search(), 1, stop), Interrupted);
  CHECK_THROWS_AS(search_openly(std::vector{target}, small_search(), 1, stop), Interrupted);
  CHECK_THROWS_AS(search_for(target, Arm::open_ended, small_search(), 1), ConfigError);
}

TEST_CASE("a trial goes through its line of metrics unchanged, and the table compares arms seed by seed") {
  ReachTable table{.aims = {{"@face", face(8)}},
                   .arms = {Arm::target_driven, Arm::lamarckian},
                   .reached = 0.25,
                   .trials = {}};
  for (std::uint64_t seed = 0; seed < 3; ++seed)
    for (const Arm arm : table.arms) {
      const double error = (arm == Arm::lamarckian ? 0.2 : 0.3) + 0.01 * static_cast<double>(seed);
      table.trials.push_back({.arm = arm, .seed = seed, .course = {{{10, 10}, 0.5}, {{20, 60}, error}}});
    }
  table.trials[1].compositional_score = 0.75;
  for (const Trial& trial : table.trials) {
    const auto line = to_json(trial, table.aims);
    const auto back = parse_trial(nlohmann::ordered_json::parse(line.dump()), table.aims);
    REQUIRE(back);
    CHECK(to_json(*back, table.aims) == line);
  }
  CHECK_FALSE(parse_trial(to_json(table.trials[0], {{"@moon", {}}}), table.aims));
  const auto json = summary(table);
  CHECK(json["arms"][0]["reached"] == 0);
  CHECK(json["arms"][1]["reached"] == 3);
  REQUIRE(json["pairs"].size() == 1);
  CHECK(json["pairs"][0]["nearer"] == 0);
  CHECK(json["pairs"][0]["error_difference"]["mean"].get<double>() == doctest::Approx(0.1));
  CHECK(json["rows"][0]["lamarckian"]["compositional_score"]["n"] == 1);
  const std::string csv = to_csv(table);
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 2 * 6);
  CHECK(csv.find("\"@face\",lamarckian,0,20,60,0.2,0.04,1,0,0,0.75\n") != std::string::npos);
}
