#include "neat/genome/gene_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "neat/genome/acyclic.hpp"
#include "neat/operators/start.hpp"
#include "tests/support/random_genome.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

/// All pairs by the definition: repeated steps along every link (Warshall).
std::vector<std::vector<bool>> slow_reachability(const Genome& genome) {
  const std::size_t count = genome.nodes.size();
  std::vector<std::vector<bool>> reaches(count, std::vector<bool>(count, false));
  for (std::size_t i = 0; i < count; ++i) reaches[i][i] = true;
  for (const auto& [source, target] : link_ends(genome)) reaches[source][target] = true;
  for (std::size_t via = 0; via < count; ++via)
    for (std::size_t from = 0; from < count; ++from)
      for (std::size_t to = 0; to < count; ++to)
        if (reaches[from][via] && reaches[via][to]) reaches[from][to] = true;
  return reaches;
}

}  // namespace

TEST_CASE("which nodes lead to which agrees with the definition, for every pair of nodes") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    const Genome genome = as_start(test::random_genome(seed));
    const auto expected = slow_reachability(genome);
    const AllPairsReachability paths = reachability_of(genome);
    bool same = true;
    for (std::size_t from = 0; from < genome.nodes.size(); ++from)
      for (std::size_t to = 0; to < genome.nodes.size(); ++to) {
        same &= paths.reaches(from, to) == expected[from][to];
        same &= closes_cycle(genome, genome.nodes[to].id, genome.nodes[from].id) == expected[from][to];
      }
    CHECK(same);
  }
}

TEST_CASE("in topological order every link of a thousand genomes points forward") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    const Genome genome = as_start(test::random_genome(seed));
    const auto order = topological_order(genome, false);
    std::vector<std::size_t> place(genome.nodes.size(), genome.nodes.size());
    for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
    CHECK(std::ranges::count(place, genome.nodes.size()) == 0);
    CHECK(std::ranges::all_of(link_ends(genome),
                              [&](const auto& ends) { return place[ends.first] < place[ends.second]; }));
  }
}

TEST_CASE("genes that are put in one at a time, in any order, come out in gene order") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    const Genome genome = in_gene_order(test::random_genome(seed));
    CHECK(in_gene_order(genome) == genome);
    const std::size_t fixed = genome.signature.inputs.size() + genome.signature.outputs.size();
    Genome built{genome.signature, {}, {}};
    built.nodes.assign(genome.nodes.begin(), genome.nodes.begin() + static_cast<std::ptrdiff_t>(fixed));
    std::vector<Node> hidden(genome.nodes.begin() + static_cast<std::ptrdiff_t>(fixed), genome.nodes.end());
    std::vector<Link> links = genome.links;
    RandomStream random(seed, "test order");
    random.shuffle(std::span(hidden));
    random.shuffle(std::span(links));
    for (const Node& node : hidden) insert_gene(built, node);
    for (const Link& link : links) insert_gene(built, link);
    CHECK(built == genome);
    CHECK(hidden_count(built) == hidden.size());
    CHECK(enabled_count(built) ==
          static_cast<std::size_t>(std::ranges::count_if(links, [](const Link& l) { return l.enabled; })));
  }
}

TEST_CASE("the smallest genome links every input to every output, and random weights fill their range") {
  const Genome smallest = minimal_genome(picture_signature(), Activation::identity);
  CHECK(smallest.links.size() == 12);
  CHECK(hidden_count(smallest) == 0);
  CHECK(in_gene_order(smallest) == smallest);
  RandomStream random(1, "test weights");
  double least = 0, most = 0;
  for (int i = 0; i < 200; ++i)
    for (const Link& link : with_random_weights(smallest, 2, random).links) {
      least = std::min(least, link.weight);
      most = std::max(most, link.weight);
    }
  CHECK(least >= -2);
  CHECK(least < -1.98);
  CHECK(most <= 2);
  CHECK(most > 1.98);
}

TEST_CASE(
    "a start genome keeps what can be used: its enabled links, and no disabled one that closes a cycle") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    const Genome genome = test::random_genome(seed);
    const Genome start = as_start(genome);
    CHECK(enabled_count(start) == enabled_count(genome));
    CHECK(start.nodes.size() == genome.nodes.size());
    CHECK(in_gene_order(start) == start);
    CHECK_NOTHROW(topological_order(start, false));
  }
}
