#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "neat/genome/acyclic.hpp"
#include "neat/genome/gene_order.hpp"
#include "neat/operators/start.hpp"
#include "neat/search/evolution.hpp"
#include "neat/search/task.hpp"
#include "tests/support/random_genome.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

Goal goal(std::function<double(const Genome&)> fitness) {
  return {.evaluate = [fitness](const Genome& g) { return Evaluation{.fitness = fitness(g)}; },
          .score = {},
          .save = {},
          .restore = {}};
}

/// Any deterministic function of the genome that structure can improve.
double many_links(const Genome& genome) {
  return static_cast<double>(genome.links.size()) + std::sin(genome.links[0].weight);
}

Settings small_settings() {
  Settings settings = cppn_preset();
  settings.population = 40;
  return settings;
}

Evolution evolved(const Settings& settings, const Genome& start, std::uint32_t generations,
                  std::uint64_t seed) {
  Evolution evolution = begin(settings, start, false, seed);
  run(evolution, settings, goal(many_links), {.seed = seed, .generations = generations});
  return evolution;
}

}  // namespace

TEST_CASE("the population keeps its exact size, with any settings") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    Settings settings = seed % 3 == 0 ? neat_preset() : seed % 3 == 1 ? cppn_preset() : picbreeder_preset();
    settings.population = 7 + static_cast<int>(13 * seed);
    settings.speciation.control.species = 0;
    settings.speciation.threshold = seed % 2 == 0 ? 0.3 : 3;
    settings.selection.stagnation = seed % 4 == 0 ? 1 : 15;
    Evolution evolution = begin(settings, test::random_genome(seed), false, seed);
    run(evolution, settings, goal(many_links), {.seed = seed, .generations = 30},
        [&](const Evolution& now, const GenerationStatistics& s) {
          CHECK(now.population.size() == static_cast<std::size_t>(settings.population));
          CHECK(s.species <= now.population.size());
        });
    CHECK(evolution.evaluations == 30u * static_cast<std::uint64_t>(settings.population));
  }
}

TEST_CASE("every genome of a long run is valid and feed-forward") {
  const Evolution evolution = evolved(small_settings(), test::random_genome(5), 60, 1);
  for (const Organism& organism : evolution.population) {
    CHECK_NOTHROW(validate(organism.genome));
    CHECK_NOTHROW(topological_order(organism.genome, false));
    CHECK(organism.genome == in_gene_order(organism.genome));
  }
}

TEST_CASE("a run is the same on any number of threads") {
  std::vector<Evolution> runs;
  for (const int threads : {1, 2, 8}) {
    const ThreadLimit limit(threads);
    runs.push_back(evolved(small_settings(), test::random_genome(5), 25, 3));
  }
  CHECK(runs[0] == runs[1]);
  CHECK(runs[0] == runs[2]);
}

TEST_CASE("a run depends on its seed") {
  CHECK(evolved(small_settings(), test::random_genome(5), 5, 3) ==
        evolved(small_settings(), test::random_genome(5), 5, 3));
  CHECK(evolved(small_settings(), test::random_genome(5), 5, 3) !=
        evolved(small_settings(), test::random_genome(5), 5, 4));
}

TEST_CASE("a stopped run goes on as if it had not been stopped") {
  const Settings settings = small_settings();
  const Evolution whole = evolved(settings, test::random_genome(5), 30, 9);
  for (const int stop : {1, 2, 17}) {
    CAPTURE(stop);
    Evolution evolution = begin(settings, test::random_genome(5), false, 9), saved;
    const RunOptions options{.seed = 9, .generations = 30};
    int generations = 0;
    const bool finished = run(
        evolution, settings, goal(many_links), options, {}, [&](const Evolution& now) { saved = now; },
        [&](const Progress&) { return ++generations < stop; });
    CHECK_FALSE(finished);
    CHECK(saved.generation == static_cast<std::uint32_t>(stop));
    CHECK(run(saved, settings, goal(many_links), options));
    CHECK(saved == whole);
  }
}

TEST_CASE("the best found is never lost, however stagnant its species") {
  Settings settings = neat_preset();
  settings.population = 30;
  settings.selection.stagnation = 2;
  settings.selection.population_stagnation = 4;
  settings.speciation.threshold = 0.3;
  Evolution evolution = begin(settings, xor_task().start, true, 1);
  double best = 0;
  run(evolution, settings, {xor_task().evaluate, {}, {}, {}},
      {.seed = 1, .generations = 100, .stop_when_solved = false},
      [&](const Evolution& now, const GenerationStatistics& s) {
        CHECK(s.top_fitness >= best);
        best = s.top_fitness;
        CHECK(s.top_fitness == s.best_fitness);
        CHECK(now.best->fitness == s.best_fitness);
      });
}

TEST_CASE("negative fitness evolves like any other") {
  const Settings settings = small_settings();
  Evolution evolution = begin(settings, test::random_genome(5), false, 2);
  double first = 0;
  run(evolution, settings, goal([](const Genome& g) { return -1000.0 + many_links(g); }),
      {.seed = 2, .generations = 20}, [&](const Evolution&, const GenerationStatistics& s) {
        if (s.generation == 0) first = s.best_fitness;
        CHECK(s.best_fitness < 0);
      });
  CHECK(evolution.best->fitness > first + 5);
}

TEST_CASE("under control the number of species neither explodes nor collapses") {
  for (std::uint64_t seed = 0; seed < 6; ++seed)
    for (const int wish : {5, 10, 20}) {
      CAPTURE(seed);
      CAPTURE(wish);
      Settings settings = cppn_preset();
      settings.population = 100;
      settings.speciation.control.species = wish;
      Evolution evolution = begin(settings, test::random_genome(seed), false, seed);
      double sum = 0;
      int counted = 0, far = 0;
      run(evolution, settings, goal(many_links), {.seed = seed, .generations = 80},
          [&](const Evolution& now, const GenerationStatistics& s) {
            CHECK(now.threshold >= settings.speciation.control.lowest);
            CHECK(now.threshold <= settings.speciation.control.highest);
            if (s.generation < 20) return;
            const auto species = static_cast<double>(s.species);
            sum += species, ++counted;
            far += species < wish / 2.0 || species > 2.0 * wish;
          });
      CHECK(sum / counted > 0.7 * wish);
      CHECK(sum / counted < 1.4 * wish);
      CHECK(far <= counted / 10);
    }
}

TEST_CASE("fitness that is not finite is refused with the generation and the genome") {
  const Settings settings = small_settings();
  Evolution evolution = begin(settings, test::random_genome(5), false, 2);
  CHECK_THROWS_WITH_AS(evaluate(evolution, settings, goal([](const Genome&) { return std::nan(""); })),
                       "generation 0: the fitness of birth 0 is nan; allowed: finite numbers", NumericError);
}

TEST_CASE("a start genome with a cycle is refused; a disabled link that would close one is left out") {
  Genome genome = minimal_genome({{"x"}, {"y"}}, Activation::identity);
  for (const int id : {2, 3}) genome.nodes.push_back({{0, id}, NodeRole::hidden, Activation::sin});
  genome.links.push_back({{0, 1}, {0, 2}, {0, 3}, 1.0, true});
  genome.links.push_back({{0, 2}, {0, 3}, {0, 2}, 1.0, true});
  CHECK_THROWS_AS(begin(small_settings(), genome, false, 0), ConfigError);
  genome.links.back().enabled = false;
  CHECK(begin(small_settings(), genome, false, 0).population.front().genome.links.size() == 2);
}

TEST_CASE("fitted weights are inherited where the goal hands them on") {
  Settings settings = small_settings();
  Evolution evolution = begin(settings, test::random_genome(5), false, 2);
  const Goal lamarckian{.evaluate =
                            [](const Genome& g) {
                              Genome fitted = g;
                              for (Link& link : fitted.links) link.weight = 0.25;
                              return Evaluation{.fitness = 1, .inherited = fitted};
                            },
                        .score = {},
                        .save = {},
                        .restore = {}};
  evaluate(evolution, settings, lamarckian);
  for (const Organism& organism : evolution.population) {
    CHECK(std::ranges::all_of(organism.genome.links, [](const Link& l) { return l.weight == 0.25; }));
    CHECK(evolution.lineage[organism.birth].operators.contains(Operator::gradient));
  }
}

TEST_CASE("a goal may score a generation as a whole") {
  const Settings settings = small_settings();
  Evolution evolution = begin(settings, test::random_genome(5), false, 2);
  Goal ranking = goal(many_links);
  ranking.score = [](std::span<const Organism> organisms, std::span<const Evaluation>) {
    std::vector<double> scores(organisms.size());
    for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = static_cast<double>(i);
    return scores;
  };
  CHECK(evaluate(evolution, settings, ranking).best_fitness == 39);
  CHECK(evolution.population[7].fitness == 7);
}

TEST_CASE("a run that is asked and told is the run that is evaluated") {
  const Settings settings = small_settings();
  Evolution evaluated = begin(settings, test::random_genome(3), false, 5), told = evaluated;
  for (int generation = 0; generation < 6; ++generation) {
    const GenerationStatistics by_goal = evaluate(evaluated, settings, goal(many_links));
    std::vector<Evaluation> evaluations;
    for (const Organism& organism : told.population)
      evaluations.push_back({.fitness = many_links(organism.genome)});
    if (generation == 2) {
      const Evolution before = told;
      CHECK_THROWS_AS(tell(told, settings, {}), ConfigError);
      auto bad = evaluations;
      bad[4].fitness = std::nan("");
      CHECK_THROWS_AS(tell(told, settings, bad), NumericError);
      CHECK(told == before);
    }
    CHECK(tell(told, settings, std::move(evaluations)).mean_fitness == by_goal.mean_fitness);
    CHECK(told == evaluated);
    reproduce(evaluated, settings, 5);
    reproduce(told, settings, 5);
  }
  CHECK(told == evaluated);
  CHECK(told.lineage.size() > 100);
}
