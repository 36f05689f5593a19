#include "neat/search/hybrid.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "lib/base/parallel.hpp"
#include "tests/support/random_genome.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

/// The sum of the weights: what a fit can raise.
Evaluation sum_of_weights(const Genome& genome) {
  double sum = 0;
  for (const Link& link : genome.links) sum += link.weight;
  return {.fitness = sum};
}

Genome raised(const Genome& genome) {
  Genome fitted = genome;
  for (Link& link : fitted.links) link.weight += 1;
  return fitted;
}

Goal fitted_goal(Inheritance inheritance) {
  Goal goal;
  goal.evaluate = fitted_evaluator(sum_of_weights, raised, inheritance);
  return goal;
}

Settings settings_of(int population) {
  Settings settings = cppn_preset();
  settings.population = population;
  return settings;
}

}  // namespace

TEST_CASE("a fitted genome is evaluated by its fitted weights, and hands them on only when lamarckian") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    const Genome genome = test::random_genome(seed);
    const Genome before = genome;
    const double fitted = sum_of_weights(raised(genome)).fitness;
    const Evaluation evaluated = fitted_evaluator(sum_of_weights, raised, Inheritance::baldwinian)(genome);
    CHECK(evaluated.fitness == fitted);
    CHECK_FALSE(evaluated.inherited);
    const Evaluation passed_on = fitted_evaluator(sum_of_weights, raised, Inheritance::lamarckian)(genome);
    CHECK(passed_on.fitness == fitted);
    REQUIRE(passed_on.inherited);
    CHECK(*passed_on.inherited == raised(genome));
    CHECK(genome == before);
  }
}

TEST_CASE("in a run, evaluated-only weights stay those of the genome; inherited ones take their place") {
  const Settings settings = settings_of(30);
  Evolution evaluated_only = begin(settings, test::random_genome(3), false, 1);
  Evolution inherited = evaluated_only;
  const std::vector<Organism> before = evaluated_only.population;
  evaluate(evaluated_only, settings, fitted_goal(Inheritance::baldwinian));
  evaluate(inherited, settings, fitted_goal(Inheritance::lamarckian));
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(evaluated_only.population[i].genome == before[i].genome);
    CHECK(inherited.population[i].genome == raised(before[i].genome));
    CHECK(evaluated_only.population[i].fitness == inherited.population[i].fitness);
    CHECK_FALSE(evaluated_only.lineage[before[i].birth].operators.contains(Operator::gradient));
    CHECK(inherited.lineage[before[i].birth].operators.contains(Operator::gradient));
  }
}

TEST_CASE("hybrid runs are the same on any number of threads and as fit as the fit makes them") {
  const Settings settings = settings_of(24);
  for (const Inheritance inheritance : {Inheritance::baldwinian, Inheritance::lamarckian}) {
    const auto evolved = [&](int threads) {
      const ThreadLimit limit(threads);
      Evolution evolution = begin(settings, test::random_genome(3), false, 1);
      run(evolution, settings, fitted_goal(inheritance), {.seed = 1, .generations = 8});
      return evolution;
    };
    const Evolution one = evolved(1);
    CHECK(one == evolved(8));
    const double own = sum_of_weights(one.best->genome).fitness;
    const auto links = static_cast<double>(one.best->genome.links.size());
    CHECK(one.best->fitness == doctest::Approx(inheritance == Inheritance::baldwinian ? own + links : own));
  }
}
