#include "neat/search/map_elites.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <set>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "neat/operators/start.hpp"
#include "neat/search/archive_file.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

const std::vector<MapAxis> axes{{.name = "mean", .component = 0, .low = -2, .high = 2, .bins = 12},
                                {.name = "links", .component = 1, .low = 0, .high = 40, .bins = 10}};

MapElitesSettings small_run() {
  MapElitesSettings settings;
  settings.axes = axes;
  settings.variation = cppn_preset();
  settings.batch = 64;
  settings.first = 100;
  settings.evaluations = 1000;
  return settings;
}

MapRun run_options() {
  return {.start = minimal_genome(picture_signature(), Activation::identity), .seed = 7};
}

/// Cheap and a function of the genome alone: mean weight against number of links, quality by their spread.
Evaluation evaluate_weights(const Genome& genome) {
  double sum = 0, squares = 0;
  for (const Link& link : genome.links) {
    sum += link.weight;
    squares += link.weight * link.weight;
  }
  const auto count = static_cast<double>(genome.links.size());
  return {.fitness = squares / count, .behaviour = {sum / count, count}};
}

}  // namespace

TEST_CASE("cells number the bins of all axes and back") {
  CHECK(cell_count(axes) == 120);
  std::set<std::size_t> cells;
  for (int mean = 0; mean < 12; ++mean)
    for (int links = 0; links < 10; ++links) {
      const auto cell = cell_of(axes, {-2 + (mean + 0.5) / 3, 4 * links + 2.0});
      REQUIRE(cell);
      CHECK(bins_of(axes, *cell) == std::vector<int>{mean, links});
      cells.insert(*cell);
    }
  CHECK(cells.size() == 120);
  CHECK(bins_of(axes, *cell_of(axes, {-99, 1e300})) == std::vector<int>{0, 9});
  CHECK_FALSE(cell_of(axes, {}));
  CHECK_FALSE(cell_of(axes, {0}));
  CHECK_FALSE(cell_of(axes, {std::numeric_limits<double>::quiet_NaN(), 1}));
}

TEST_CASE("a map that is asked and told is the map that is stepped") {
  MapElites stepped, told;
  const Genome start = as_start(run_options().start);
  while (stepped.evaluations < 600) {
    step(stepped, small_run(), start, true, evaluate_weights, 7);
    auto children = ask(told, small_run(), start, true, 7);
    std::vector<Evaluation> evaluations;
    for (const Organism& child : children) evaluations.push_back(evaluate_weights(child.genome));
    if (told.batches == 3) {
      const MapElites before = told;
      CHECK_THROWS_AS(tell(told, small_run(), children, {}), ConfigError);
      auto foreign = children;
      foreign.back().birth = told.lineage.size();
      CHECK_THROWS_AS(tell(told, small_run(), foreign, evaluations), ConfigError);
      CHECK(told == before);
    }
    tell(told, small_run(), std::move(children), std::move(evaluations));
  }
  CHECK(told.elites.size() > 10);
  CHECK(told == stepped);
}

TEST_CASE("each cell keeps the best that was placed in it") {
  MapElites map;
  CHECK(run(map, small_run(), run_options(), evaluate_weights));
  CHECK(map.evaluations == 1000);
  CHECK(map.lineage.size() == 1000);
  CHECK(map.elites.size() > 20);
  CHECK(map.history.size() == map.batches);
  for (const auto& [cell, elite] : map.elites) {
    const Evaluation evaluation = evaluate_weights(elite.organism.genome);
    CHECK(cell_of(axes, evaluation.behaviour) == cell);
    CHECK(elite.organism.fitness == evaluation.fitness);
    CHECK(map.lineage[elite.organism.birth].fitness == evaluation.fitness);
    CHECK_NOTHROW(validate(elite.organism.genome));
  }
  for (std::size_t b = 1; b < map.history.size(); ++b) {
    CHECK(map.history[b].filled >= map.history[b - 1].filled);
    CHECK(map.history[b].quality >= map.history[b - 1].quality);
  }
}

TEST_CASE("a map that was stopped, saved and continued equals the uninterrupted one, byte for byte") {
  MapElites whole;
  run(whole, small_run(), run_options(), evaluate_weights);
  MapElites stopped;
  std::string saved;
  int batches = 0;
  CHECK_FALSE(run(
      stopped, small_run(), run_options(), evaluate_weights,
      [&](const MapElites& map) { saved = map_bytes(map, axes); },
      [&](const Progress&) { return ++batches < 6; }));
  MapElites continued = parse_map(saved, axes, "saved");
  CHECK(continued == stopped);
  CHECK(run(continued, small_run(), run_options(), evaluate_weights));
  CHECK(continued == whole);
  CHECK(map_bytes(continued, axes) == map_bytes(whole, axes));
}

TEST_CASE("a map does not depend on the number of threads") {
  MapElites many, one;
  run(many, small_run(), run_options(), evaluate_weights);
  const ThreadLimit limit(1);
  run(one, small_run(), run_options(), evaluate_weights);
  CHECK(map_bytes(many, axes) == map_bytes(one, axes));
}

TEST_CASE("pictures without behaviour or with a quality that is no number are not placed") {
  MapElites map;
  MapElitesSettings settings = small_run();
  settings.evaluations = 300;
  run(map, settings, run_options(), [](const Genome& genome) {
    Evaluation evaluation = evaluate_weights(genome);
    if (evaluation.behaviour[0] > 0) evaluation.behaviour.clear();
    if (evaluation.behaviour.size() == 2 && evaluation.behaviour[1] > 13)
      evaluation.fitness = std::numeric_limits<double>::quiet_NaN();
    return evaluation;
  });
  CHECK(map.evaluations == 300);
  CHECK_FALSE(map.elites.empty());
  for (const auto& [cell, elite] : map.elites) {
    CHECK(elite.behaviour[0] <= 0);
    CHECK(elite.behaviour[1] <= 13);
  }
}

TEST_CASE("damaged maps are read or refused, and one with other axes is refused") {
  MapElites map;
  MapElitesSettings settings = small_run();
  settings.evaluations = 150;
  run(map, settings, run_options(), evaluate_weights);
  const std::string bytes = map_bytes(map, axes);
  CHECK(test::refuses_or_reads(bytes, 100, [](const std::string& b) { parse_map(b, axes, "damaged"); }) > 50);
  std::vector<MapAxis> other = axes;
  other[0].bins = 13;
  CHECK_THROWS_AS(parse_map(bytes, other, "other"), FormatError);
  const test::TemporaryFolder folder;
  write_map(folder.path() / "map", map, axes);
  CHECK(read_map(folder.path() / "map", axes) == map);
}

TEST_CASE("impossible maps are refused with the value and the range") {
  const auto refused = [](auto&& change, const char* part) {
    MapElitesSettings settings = small_run();
    change(settings);
    CHECK_THROWS_WITH_AS(validate(settings), doctest::Contains(part), ConfigError);
  };
  refused([](MapElitesSettings& s) { s.axes.clear(); }, "at least 1");
  refused([](MapElitesSettings& s) { s.axes[0].bins = 0; }, "1 to 1000");
  refused([](MapElitesSettings& s) { s.axes[0].low = 5; }, "low below high");
  refused([](MapElitesSettings& s) { s.axes.assign(3, {.name = "a", .bins = 1000}); }, "cells");
  refused([](MapElitesSettings& s) { s.batch = 0; }, "batch");
  refused([](MapElitesSettings& s) { s.first = -1; }, "first");
  refused([](MapElitesSettings& s) { s.evaluations = 0; }, "evaluations");
  refused([](MapElitesSettings& s) { s.variation.mutation.weights = -1; }, "");
}
