#include <doctest/doctest.h>

#include <algorithm>

#include "lib/base/error.hpp"
#include "neat/genome/acyclic.hpp"
#include "neat/genome/gene_order.hpp"
#include "neat/operators/crossover.hpp"
#include "neat/operators/mutation.hpp"
#include "neat/operators/start.hpp"
#include "neat/search/distance.hpp"
#include "tests/support/random_genome.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

constexpr auto fitter = std::strong_ordering::greater;
constexpr auto equal = std::strong_ordering::equal;
const Crossover mixing{.equal_fitness = Crossover::EqualFitness::each_gene};
const Crossover whole{.equal_fitness = Crossover::EqualFitness::one_parent};
constexpr auto less = std::strong_ordering::less;

/// Two descendants of one genome, some mutations apart.
std::pair<Genome, Genome> relatives(std::uint64_t seed) {
  const Genome start = as_start(test::random_genome(seed, {.most_hidden = 10}));
  Ledger ledger;
  ledger.adopt(start);
  RandomStream random(seed, "test relatives");
  Mutation settings = cppn_preset().mutation;
  settings.add_link = settings.add_node = settings.enable = settings.disable = settings.activation = 0.6;
  settings.links_leave_outputs = true;
  std::array<Genome, 2> both{start, start};
  for (Genome& genome : both)
    for (int i = 0; i < 4; ++i) genome = mutate(genome, settings, ledger, random).genome;
  return {both[0], both[1]};
}

Genome one_link(double weight, bool enabled = true) {
  Genome genome = minimal_genome({{"x"}, {"y"}}, Activation::identity);
  genome.links[0].weight = weight;
  genome.links[0].enabled = enabled;
  return genome;
}

int enabled_of_1000(const Genome& a, const Genome& b, const Crossover& settings) {
  RandomStream random(1, "test enabled");
  int enabled = 0;
  for (int i = 0; i < 1000; ++i)
    enabled += cross(a, b, fitter, Mating::multipoint, settings, random).links[0].enabled ? 1 : 0;
  return enabled;
}

}  // namespace

TEST_CASE("every child of a thousand pairs is valid, in gene order and without a cycle") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    const auto [a, b] = relatives(seed);
    RandomStream random(seed, "test cross");
    for (const auto order : {less, equal, fitter})
      for (const Mating mating : {Mating::multipoint, Mating::averaging}) {
        const Genome child = cross(a, b, order, mating, seed % 2 == 0 ? whole : mixing, random);
        CHECK_NOTHROW(validate(child));
        CHECK_NOTHROW(topological_order(child, false));
        CHECK(child == in_gene_order(child));
        for (const Link& link : child.links) CHECK((find_link(a, link.id) || find_link(b, link.id)));
      }
  }
}

TEST_CASE("disjoint and excess genes come from the fitter parent") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    const auto [a, b] = relatives(seed);
    RandomStream random(seed, "test fitter");
    const auto same_genes = [](const Link& x, const Link& y) { return x.id == y.id; };
    CHECK(std::ranges::equal(cross(a, b, fitter, Mating::multipoint, {}, random).links, a.links, same_genes));
    CHECK(std::ranges::equal(cross(a, b, less, Mating::multipoint, {}, random).links, b.links, same_genes));
  }
}

TEST_CASE("at equal fitness either parent gives its structure, however large it is") {
  const auto [small, large] = std::pair(one_link(1), [] {
    Genome genome = minimal_genome({{"x"}, {"y"}}, Activation::identity);
    genome.nodes.push_back({{0, 2}, NodeRole::hidden, Activation::sin});
    genome.links.push_back({{0, 1}, {0, 0}, {0, 2}, 1.0, true});
    genome.links.push_back({{0, 2}, {0, 2}, {0, 1}, 1.0, true});
    return genome;
  }());
  RandomStream random(1, "test equal size");
  int larger = 0;
  for (int i = 0; i < 2000; ++i) {
    const bool swapped = i % 2 == 1;
    const Genome child =
        cross(swapped ? large : small, swapped ? small : large, equal, Mating::multipoint, whole, random);
    CHECK((child.links.size() == 1 || child.links.size() == 3));
    larger += child.links.size() == 3 ? 1 : 0;
  }
  CHECK(larger == doctest::Approx(1000).epsilon(0.08));
}

TEST_CASE("at equal fitness genes can be mixed, and neither parent is preferred") {
  // Genes of either parent alone, none of which can close a cycle with the other's.
  Genome a = minimal_genome(picture_signature(), Activation::identity);
  Genome b = a;
  std::erase_if(a.links, [](const Link& l) { return l.id.id % 2 == 0; });
  std::erase_if(b.links, [](const Link& l) { return l.id.id % 2 == 1; });
  RandomStream random(1, "test equal");
  int from_a = 0, from_b = 0;
  for (int i = 0; i < 2000; ++i)
    for (const Link& link : cross(a, b, equal, Mating::multipoint, mixing, random).links)
      ++(link.id.id % 2 == 1 ? from_a : from_b);
  CHECK(from_a / 12000.0 == doctest::Approx(0.5).epsilon(0.04));
  CHECK(from_b / 12000.0 == doctest::Approx(0.5).epsilon(0.04));
}

TEST_CASE(
    "which parent is named first does not matter at equal fitness, even where their genes would make a "
    "cycle") {
  // a links node 1 to node 2, b the reverse: a child can have one of the two.
  Genome a = minimal_genome({{"x"}, {"y"}}, Activation::identity);
  for (const int id : {2, 3}) a.nodes.push_back({{0, id}, NodeRole::hidden, Activation::sin});
  Genome b = a;
  a.links.push_back({{0, 1}, {0, 2}, {0, 3}, 1.0, true});
  b.links.push_back({{0, 2}, {0, 3}, {0, 2}, 1.0, true});
  RandomStream random(1, "test equal cycle");
  int forward = 0, backward = 0;
  for (int i = 0; i < 4000; ++i) {
    const Genome child = cross(a, b, equal, Mating::multipoint, mixing, random);
    CHECK_NOTHROW(topological_order(child, false));
    forward += find_link(child, {0, 1}) ? 1 : 0;
    backward += find_link(child, {0, 2}) ? 1 : 0;
  }
  CHECK(forward / 4000.0 == doctest::Approx(0.375).epsilon(0.08));
  CHECK(backward / 4000.0 == doctest::Approx(0.375).epsilon(0.08));
}

TEST_CASE("matching weights come from either parent, or are averaged") {
  const Genome a = one_link(1), b = one_link(2);
  RandomStream random(1, "test weights");
  int from_a = 0;
  for (int i = 0; i < 1000; ++i) {
    const double weight = cross(a, b, fitter, Mating::multipoint, {}, random).links[0].weight;
    CHECK((weight == 1 || weight == 2));
    from_a += weight == 1 ? 1 : 0;
  }
  CHECK(from_a == doctest::Approx(500).epsilon(0.1));
  CHECK(cross(a, b, less, Mating::averaging, {}, random).links[0].weight == 1.5);
}

TEST_CASE("a gene off in one parent is on in a quarter of the children, one off in both stays off") {
  const Genome on = one_link(1), off = one_link(1, false);
  CHECK(enabled_of_1000(on, on, {}) == 1000);
  CHECK(enabled_of_1000(on, off, {}) == doctest::Approx(250).epsilon(0.15));
  CHECK(enabled_of_1000(off, on, {}) == doctest::Approx(250).epsilon(0.15));
  CHECK(enabled_of_1000(off, off, {}) == 0);
  // The paper to the letter, as a choice.
  CHECK(enabled_of_1000(off, off, {.off_in_all_stays_off = false}) == doctest::Approx(250).epsilon(0.15));
}

TEST_CASE("parents with other inputs or outputs are refused") {
  RandomStream random(1, "test signatures");
  const Genome a = one_link(1), b = minimal_genome(picture_signature(), Activation::identity);
  CHECK_THROWS_AS(cross(a, b, equal, Mating::multipoint, {}, random), ConfigError);
}

TEST_CASE("distance counts matching, disjoint and excess genes") {
  const auto with = [](std::vector<int> ids, double weight) {
    Genome g;
    for (const int id : ids) g.links.push_back({{0, id}, {0, 0}, {0, 1}, weight, true});
    return g;
  };
  const Genome a = with({1, 2, 3, 4, 5, 8}, 1.0), b = with({1, 2, 3, 4, 5, 6, 7, 9, 10}, 1.5);
  const GeneDifference d = difference(a, b);
  CHECK(d.matching == 5);
  CHECK(d.disjoint == 3);
  CHECK(d.excess == 2);
  CHECK(d.weight == 0.5);
  CHECK(distance(a, b, {}) == doctest::Approx(5 + 0.4 * 0.5));
  CHECK(distance(a, b, {.small_genome = 0}) == doctest::Approx(5.0 / 9 + 0.4 * 0.5));
}

TEST_CASE("distance is symmetric, and zero from a genome to itself") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    const auto [a, b] = relatives(seed);
    CHECK(distance(a, b, {}) == distance(b, a, {}));
    CHECK(distance(a, a, {}) == 0);
  }
}
