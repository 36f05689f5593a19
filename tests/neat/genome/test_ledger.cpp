#include <doctest/doctest.h>

#include <map>
#include <set>

#include "lib/base/error.hpp"
#include "neat/genome/gene_order.hpp"
#include "neat/genome/ledger.hpp"
#include "neat/operators/mutation.hpp"
#include "neat/operators/start.hpp"
#include "tests/support/random_genome.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

Genome three_inputs() { return minimal_genome({{"x1", "x2", "bias"}, {"y"}}, Activation::steep_sigmoid); }

}  // namespace

TEST_CASE("the same link and the same split have one number, in any generation") {
  Ledger ledger;
  ledger.adopt(three_inputs());
  const Marking node = ledger.split({0, 1}, 0);
  const Marking link = ledger.link({0, 1}, node);
  for (int generation = 0; generation < 5; ++generation) {
    ledger.split({0, 2}, generation);
    CHECK(ledger.split({0, 1}, 0) == node);
    CHECK(ledger.link({0, 1}, node) == link);
  }
}

TEST_CASE("splitting the same link in two genomes gives the same three markings") {
  const Genome start = three_inputs();
  Ledger ledger;
  ledger.adopt(start);
  const Mutation settings = neat_preset().mutation;
  std::map<std::size_t, Genome> by_split_link;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    RandomStream random(seed, "test split");
    const Genome child = add_node(start, settings, ledger, random).value();
    std::size_t split = 0;
    while (child.links[split].enabled) ++split;
    const auto [first, is_first] = by_split_link.try_emplace(split, child);
    if (!is_first) CHECK(first->second.links == child.links);
  }
  CHECK(by_split_link.size() == 3);
  CHECK(ledger.splits().size() == 3);
}

TEST_CASE("a link enabled again and split anew gets another node, the same one in every genome") {
  Ledger ledger;
  const Genome start = minimal_genome({{"x"}, {"y"}}, Activation::steep_sigmoid);
  ledger.adopt(start);
  const Mutation settings = neat_preset().mutation;
  std::set<Marking> second_nodes;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    RandomStream random(seed, "test split twice");
    Genome once = add_node(start, settings, ledger, random).value();
    once.links[0].enabled = true;
    for (std::size_t l = 1; l < once.links.size(); ++l) once.links[l].enabled = false;
    const Genome twice = add_node(once, settings, ledger, random).value();
    CHECK(hidden_count(twice) == 2);
    second_nodes.insert(twice.nodes.back().id);
  }
  CHECK(second_nodes.size() == 1);
}

TEST_CASE("new markings never collide with those of a start genome, branch 0 included") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    Genome genome = as_start(test::random_genome(seed));
    Ledger ledger;
    ledger.adopt(genome);
    RandomStream random(seed, "test collisions");
    Mutation settings = cppn_preset().mutation;
    for (int i = 0; i < 10; ++i) {
      if (auto next = add_node(genome, settings, ledger, random)) genome = std::move(*next);
      if (auto next = add_link(genome, settings, ledger, random)) genome = std::move(*next);
    }
    CHECK_NOTHROW(validate(genome));
  }
}

TEST_CASE("a saved and restored ledger goes on where it was") {
  Ledger ledger;
  ledger.adopt(three_inputs());
  ledger.split({0, 0}, 0);
  ledger.link({0, 1}, {0, 4});
  Ledger again = Ledger::restore(ledger.links(), ledger.splits(), ledger.next_node(), ledger.next_link());
  CHECK(again == ledger);
  CHECK(again.split({0, 0}, 0) == ledger.split({0, 0}, 0));
  CHECK(again.split({0, 1}, 0) == ledger.split({0, 1}, 0));
  CHECK(again.link({0, 2}, {0, 4}) == ledger.link({0, 2}, {0, 4}));
}

TEST_CASE("memory grows with the number of innovations, not with its square") {
  Ledger ledger;
  for (std::int32_t i = 0; i < 100'000; ++i) {
    ledger.link({0, i}, {0, i + 1});
    ledger.split({0, i}, 0);
  }
  // One entry for each innovation and nothing else; a table of pairs would hold 10^10.
  CHECK(ledger.innovations() == 200'000);
  CHECK(ledger.links().size() == 100'000);
  CHECK(ledger.next_node() == 100'000);
}

TEST_CASE("a genome whose markings leave no numbers is refused") {
  Genome genome = three_inputs();
  genome.links[0].id.id = std::numeric_limits<std::int32_t>::max();
  Ledger ledger;
  CHECK_THROWS_AS(ledger.adopt(genome), ConfigError);
}
