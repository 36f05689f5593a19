#include "neat/genome/genome.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/network/oracle.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

/// x, y, d, bias -> ink through two hidden nodes; the output feeds a hidden node too.
Genome small_genome() {
  Genome genome;
  genome.signature = {{"x", "y", "d", "bias"}, {"ink"}};
  for (int i = 0; i < 4; ++i) genome.nodes.push_back({{0, i}, NodeRole::input, Activation::identity});
  genome.nodes.push_back({{0, 4}, NodeRole::output, Activation::gaussian});
  genome.nodes.push_back({{1, 4}, NodeRole::hidden, Activation::sin});
  genome.nodes.push_back({{0, 5}, NodeRole::hidden, Activation::identity});
  genome.links = {{{0, 10}, {0, 0}, {1, 4}, 2.0},
                  {{1, 10}, {1, 4}, {0, 4}, -0.5},
                  {{0, 11}, {0, 3}, {0, 4}, 0.25},
                  {{0, 12}, {0, 4}, {0, 5}, 1.0},
                  {{0, 13}, {0, 2}, {0, 4}, 9.0, false}};
  return genome;
}

void expect_refused(const Genome& genome, const std::string& part) {
  CAPTURE(part);
  try {
    validate(genome);
    FAIL("accepted");
  } catch (const ConfigError& error) {
    CAPTURE(std::string(error.what()));
    CHECK(std::string(error.what()).find(part) != std::string::npos);
  }
  CHECK_THROWS_AS(express(genome), ConfigError);
}

}  // namespace

TEST_CASE("a greyscale genome is drawn as brightness, hue and saturation being 0") {
  const Phenotype phenotype = express(small_genome());
  const Network& network = phenotype.network;
  CHECK(network.signature() == picture_signature());
  CHECK(phenotype.weights.size() == 4);  // the disabled link takes no part
  const std::vector<double> weights(phenotype.weights.begin(), phenotype.weights.end());
  const double x = 0.3, sum = -0.5 * std::sin(2 * x) + 0.25;
  const auto hsv = oracle_outputs(network, weights, std::vector<double>{x, -0.7, 0.9, 1.0});
  CHECK(hsv[0] == 0);
  CHECK(hsv[1] == 0);
  CHECK(hsv[2] == doctest::Approx(2 * std::exp(-sum * sum) - 1));
}

TEST_CASE("layers count from the inputs and links may leave an output") {
  const Phenotype phenotype = express(small_genome());
  CHECK(phenotype.network.depth() == 3);
  const auto unit = [&](Marking id) {
    const auto& nodes = phenotype.node_of_unit;
    return phenotype.network
        .units()[static_cast<std::size_t>(std::find(nodes.begin(), nodes.end(), id) - nodes.begin())];
  };
  CHECK(unit({1, 4}) == Unit{Activation::sin, 1});
  CHECK(unit({0, 4}) == Unit{Activation::gaussian, 2});
  CHECK(unit({0, 5}) == Unit{Activation::identity, 3});
  CHECK(unit({-1, 0}) == Unit{Activation::identity, 1});
}

TEST_CASE("every slot knows its link") {
  const Genome genome = small_genome();
  const Phenotype phenotype = express(genome);
  for (std::size_t slot = 0; slot < phenotype.weights.size(); ++slot)
    CHECK(static_cast<double>(phenotype.weights[slot]) == genome.links[phenotype.link_of_slot[slot]].weight);
}

TEST_CASE("the order in which genes are listed does not change the phenotype") {
  const Genome genome = small_genome();
  const Phenotype expected = express(genome);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    Genome shuffled = genome;
    RandomStream random(seed, "shuffle genes");
    random.shuffle(std::span(shuffled.links));
    random.shuffle(std::span(shuffled.nodes).subspan(5));
    const Phenotype phenotype = express(shuffled);
    CHECK(phenotype.node_of_unit == expected.node_of_unit);
    REQUIRE(phenotype.network.edge_count() == expected.network.edge_count());
    for (int e = 0; e < phenotype.network.edge_count(); ++e) {
      const auto edge = phenotype.network.edges()[static_cast<std::size_t>(e)];
      const auto wanted = expected.network.edges()[static_cast<std::size_t>(e)];
      CHECK(edge.source == wanted.source);
      CHECK(shuffled.links[phenotype.link_of_slot[edge.slot]].id ==
            genome.links[expected.link_of_slot[wanted.slot]].id);
    }
  }
}

TEST_CASE("genes are found by the pair of branch and id") {
  const Genome genome = small_genome();
  CHECK(find_node(genome, {1, 4}) == 5);
  CHECK(find_node(genome, {0, 4}) == 4);
  CHECK(find_link(genome, {1, 10}) == 1);
  CHECK_FALSE(find_link(genome, {2, 10}));
}

TEST_CASE("malformed genomes are refused with the gene named") {
  Genome genome = small_genome();
  genome.links.push_back({{0, 14}, {0, 5}, {1, 4}, 1.0});
  expect_refused(genome, "cycle");
  genome.links.back().enabled = false;
  CHECK_NOTHROW(validate(genome));

  genome = small_genome();
  genome.links[0].target = {7, 7};
  expect_refused(genome, "(7, 7)");

  genome = small_genome();
  genome.links[3].target = {0, 1};
  expect_refused(genome, "enters the input 'y'");

  genome = small_genome();
  genome.links[1].id = {0, 12};
  expect_refused(genome, "two links are marked (0, 12)");

  genome = small_genome();
  genome.nodes[6].id = {0, 2};
  expect_refused(genome, "two nodes are marked (0, 2)");

  genome = small_genome();
  std::swap(genome.nodes[0], genome.nodes[4]);
  expect_refused(genome, "wrong role");

  for (const double weight :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1e200}) {
    genome = small_genome();
    genome.links[2].weight = weight;
    expect_refused(genome, "(0, 11)");
  }
  genome = small_genome();
  genome.links[0].source = genome.links[0].target;
  expect_refused(genome, "(1, 4) lies on a cycle");
}
