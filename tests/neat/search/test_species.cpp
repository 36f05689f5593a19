#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "neat/genome/gene_order.hpp"
#include "neat/operators/start.hpp"
#include "neat/search/reproduction.hpp"
#include "neat/search/species.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

/// One link of the given weight: with c3 = 1 distances are differences of weights.
Organism organism(double weight, double fitness, BirthNumber birth) {
  Organism result{
      .genome = minimal_genome({{"x"}, {"y"}}, Activation::identity), .birth = birth, .fitness = fitness};
  result.genome.links[0].weight = weight;
  return result;
}

std::vector<Organism> population(const std::vector<std::pair<double, double>>& weight_and_fitness) {
  std::vector<Organism> result;
  for (const auto& [weight, fitness] : weight_and_fitness)
    result.push_back(organism(weight, fitness, result.size()));
  return result;
}

const Speciation by_weight{.weight = 1, .threshold = 1};

std::vector<Species> speciated(const std::vector<Organism>& organisms, std::uint32_t generation = 0) {
  std::uint32_t next_id = 0;
  return speciate(organisms, {}, by_weight.threshold, by_weight, generation, next_id);
}

int sum(const std::vector<int>& values) { return std::accumulate(values.begin(), values.end(), 0); }

}  // namespace

TEST_CASE("an organism joins the first species that is near, or founds one") {
  const auto organisms = population({{0, 1}, {0.5, 3}, {5, 2}, {0.9, 3}, {5.5, 9}});
  const auto species = speciated(organisms);
  REQUIRE(species.size() == 2);
  CHECK(species[0].members == std::vector<std::uint32_t>{1, 3, 0});
  CHECK(species[1].members == std::vector<std::uint32_t>{4, 2});
  CHECK(species[1].best == 9);
}

TEST_CASE("species keep their number through generations and end without members") {
  std::uint32_t next_id = 0;
  const auto first = population({{0, 1}, {5, 2}});
  auto species = speciate(first, {}, 1, by_weight, 0, next_id);
  const auto second = population({{5.2, 1}, {20, 2}});
  species = speciate(second, species, 1, by_weight, 1, next_id);
  REQUIRE(species.size() == 2);
  CHECK(species[0].id == 1);
  CHECK(species[0].best == 2);
  CHECK(species[0].improved == 0);
  CHECK(species[1].id == 2);
  CHECK(species[1].founded == 1);
}

TEST_CASE("without speciation everybody is of one species") {
  std::uint32_t next_id = 0;
  const auto organisms = population({{0, 1}, {500, 2}});
  CHECK(speciate(organisms, {}, 1, {.enabled = false}, 0, next_id).size() == 1);
}

TEST_CASE("the controlled threshold moves towards the wish, in proportion, and stays within its bounds") {
  const ThresholdControl control{.species = 10, .gain = 0.5, .step = 1.25, .lowest = 1, .highest = 4};
  CHECK(controlled_threshold(3, 10, control) == 3);
  CHECK(controlled_threshold(2, 12, control) == doctest::Approx(2 * std::sqrt(1.2)));
  CHECK(controlled_threshold(2, 8, control) == doctest::Approx(2 * std::sqrt(0.8)));
  CHECK(controlled_threshold(2, 1000, control) == 2.5);
  CHECK(controlled_threshold(2, 1, control) == 1.6);
  CHECK(controlled_threshold(2, 0, control) == 1.6);
  double threshold = 3;
  for (int i = 0; i < 100; ++i) threshold = controlled_threshold(threshold, 1000, control);
  CHECK(threshold == 4);
  for (int i = 0; i < 100; ++i) threshold = controlled_threshold(threshold, 1, control);
  CHECK(threshold == 1);
  CHECK(controlled_threshold(3, 1000, {}) == 3);
}

TEST_CASE("control settles where the wished number of species is, wherever that and the start are") {
  RandomStream random(7, "test control");
  for (int i = 0; i < 1000; ++i) {
    CAPTURE(i);
    ThresholdControl control{.species = 2 + static_cast<int>(random.below(30))};
    // Species become fewer as the threshold grows, by any power from 1/2 to 3.
    const double power = random.uniform(0.5, 3), right = std::exp(random.uniform(-2.0, 2.0));
    const auto species = [&](double threshold) {
      return static_cast<std::size_t>(
          std::clamp(std::round(control.species * std::pow(right / threshold, power)), 1.0, 150.0));
    };
    double threshold = std::exp(random.uniform(-2.5, 2.5));
    for (int generation = 0; generation < 40; ++generation)
      threshold = controlled_threshold(threshold, species(threshold), control);
    for (int generation = 0; generation < 40; ++generation) {
      threshold = controlled_threshold(threshold, species(threshold), control);
      const auto off = static_cast<double>(species(threshold)) - control.species;
      CHECK(std::abs(off) <= std::max(1.0, 0.1 * control.species));
    }
  }
}

TEST_CASE("a species counts by its mean fitness, not by its size") {
  const auto organisms = population({{0, 4}, {0.1, 2}, {0.2, 3}, {0.3, 3}, {9, 3}});
  const auto shares = shared_fitness(organisms, speciated(organisms));
  REQUIRE(shares.size() == 2);
  CHECK(shares[0] == 3);
  CHECK(shares[1] == 3);
}

TEST_CASE("negative fitness is shared as well: nobody gets a negative share, better still gets more") {
  const auto organisms = population({{0, -10}, {0.1, -8}, {9, -1}, {20, 2}});
  const auto species = speciated(organisms);
  const auto shares = shared_fitness(organisms, species);
  CHECK(shares == std::vector<double>{1, 9, 12});
  const auto children = allot(50, shares, may_reproduce(organisms, species, {}, 0));
  CHECK(sum(children) == 50);
  CHECK(children[0] < children[1]);
  CHECK(children[1] < children[2]);
}

TEST_CASE("children are allotted exactly, whatever the shares") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "test allot");
    const std::size_t count = 1 + random.below(40);
    std::vector<double> shares(count);
    std::vector<bool> allowed(count);
    for (double& share : shares)
      share = random.chance(0.2) ? 0 : random.uniform() * std::pow(10, random.uniform(-300, 200));
    for (std::size_t i = 0; i < count; ++i) allowed[i] = random.chance(0.7);
    allowed[random.below(static_cast<std::uint32_t>(count))] = true;
    const int wanted = 2 + static_cast<int>(random.below(300));
    const auto children = allot(wanted, shares, allowed);
    CHECK(sum(children) == wanted);
    for (std::size_t i = 0; i < count; ++i) {
      CHECK(children[i] >= 0);
      CHECK((allowed[i] || children[i] == 0));
    }
  }
}

TEST_CASE("a species that does not improve has no children, unless it holds the best of all") {
  const auto organisms = population({{0, 5}, {9, 3}, {20, 1}});
  auto species = speciated(organisms);
  species[2].improved = 20;
  const Selection settings{.stagnation = 15};
  CHECK(may_reproduce(organisms, species, settings, 20) == std::vector<bool>{true, false, true});
  CHECK(may_reproduce(organisms, species, {.stagnation = 15, .keep_best = false}, 20) ==
        std::vector<bool>{false, false, true});
  CHECK(may_reproduce(organisms, species, {.stagnation = 0}, 20) == std::vector<bool>(3, true));
  // All stagnant: the best goes on rather than nobody.
  CHECK(may_reproduce(organisms, species, {.stagnation = 15, .keep_best = false}, 99) ==
        std::vector<bool>{true, false, false});
  CHECK(best_two(organisms, species) == std::vector<bool>{true, true, false});
}

TEST_CASE("the best organism and the champions of large species survive unchanged") {
  std::vector<std::pair<double, double>> rows{{50, 100}};
  for (int i = 0; i < 10; ++i) rows.emplace_back(0.01 * i, 10 + i);
  for (int i = 0; i < 4; ++i) rows.emplace_back(20 + 0.01 * i, 5 + i);
  const auto organisms = population(rows);
  auto species = speciated(organisms);
  species[0].improved = 0;  // stagnant, one member, and the best
  species[1].improved = species[2].improved = 40;
  const auto allowed = may_reproduce(organisms, species, {}, 40);
  Settings settings;
  settings.population = 30;
  settings.mutation.weights = 1;
  Ledger ledger;
  ledger.adopt(organisms[0].genome);
  Lineage lineage(organisms.size());
  RandomStream random(1, "test champions");
  const auto next = reproduce(organisms, species, allowed, settings, 41, ledger, lineage, random);
  CHECK(next.size() == 30);
  const auto copies = [&](const Organism& one) {
    return std::ranges::count(next, one.genome, &Organism::genome);
  };
  CHECK(copies(organisms[0]) == 1);
  CHECK(copies(organisms[10]) == 1);
  CHECK(copies(organisms[14]) == 0);
  CHECK(lineage.size() == organisms.size() + 28);
}

TEST_CASE("crossover may be switched off") {
  const auto organisms = population({{0, 1}, {0.1, 2}, {0.2, 3}});
  const auto species = speciated(organisms);
  Settings settings;
  settings.population = 20;
  settings.crossover.rate = 0;
  CHECK_NOTHROW(validate(settings));
  Ledger ledger;
  ledger.adopt(organisms[0].genome);
  Lineage lineage(3);
  RandomStream random(1, "test no crossover");
  CHECK(reproduce(organisms, species, {true}, settings, 1, ledger, lineage, random).size() == 20);
  for (const Birth& birth : lineage) CHECK(birth.father == no_parent);
}
