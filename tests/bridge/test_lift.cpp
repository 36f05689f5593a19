#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "bridge/layerize.hpp"
#include "lib/base/random.hpp"
#include "lib/network/oracle.hpp"
#include "neat/files/picbreeder.hpp"
#include "tests/support/random_genome.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/weights_by_origin.hpp"

using namespace skein;
using namespace skein::bridge;

namespace {

using neat::Marking;

/// Links as NEAT's dynamics see them: (source, target) to weight, enabled only, parallel ones summed.
std::map<std::pair<Marking, Marking>, double> links_of(const neat::Genome& genome) {
  std::map<std::pair<Marking, Marking>, double> links;
  for (const neat::Link& link : genome.links)
    if (link.enabled) links[{link.source, link.target}] += link.weight;
  return links;
}

std::map<Marking, std::pair<neat::NodeRole, Activation>> nodes_of(const neat::Genome& genome) {
  std::map<Marking, std::pair<neat::NodeRole, Activation>> nodes;
  for (const neat::Node& node : genome.nodes) nodes[node.id] = {node.role, node.activation};
  return nodes;
}

double largest_difference(const neat::Genome& genome, const sgd::Mlp& mlp) {
  const neat::Phenotype phenotype = neat::express(genome);
  const Network network = sgd::lower(mlp.wiring).network;
  const std::vector<double> a(phenotype.weights.begin(), phenotype.weights.end());
  const std::vector<double> b(mlp.weights.begin(), mlp.weights.end());
  const Grid grid{4, 5};
  double worst = 0;
  for (int row = 0; row < grid.height; ++row)
    for (int column = 0; column < grid.width; ++column) {
      const auto va =
          oracle_outputs(phenotype.network, a, oracle_inputs(phenotype.network, grid, row, column));
      const auto vb = oracle_outputs(network, b, oracle_inputs(network, grid, row, column));
      for (std::size_t o = 0; o < va.size(); ++o)
        worst = std::max(worst, std::abs(va[o] - vb[o]) / std::max(1.0, std::abs(vb[o])));
    }
  return worst;
}

/// A dense or pruned MLP with weights of the usual size.
sgd::Mlp random_mlp(std::uint64_t seed, double density) {
  RandomStream random(seed, "lifted mlp");
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(
      sgd::parse_architecture("4;cache:4,cos:1,gaussian:2,identity:2,relu:1,sigmoid:1,sin:1,tanh:1"),
      picture_signature());
  for (auto& mask : mlp.wiring.masks)
    for (auto& place : mask) place = random.chance(density) ? 1 : 0;
  for (int w = mlp.wiring.weight_count(); w > 0; --w)
    mlp.weights.push_back(random.chance(0.05) ? 0.0f : static_cast<float>(0.4 * random.normal()));
  return mlp;
}

void check_structure_kept(const neat::Genome& genome) {
  const sgd::Mlp layered = layerize(genome);
  const neat::Genome lifted = lift(layered).genome;
  CHECK(lifted.signature == genome.signature);
  CHECK(nodes_of(lifted) == nodes_of(genome));
  CHECK(links_of(lifted).size() == links_of(genome).size());
  for (const auto& [ends, weight] : links_of(genome)) {
    const auto found = links_of(lifted);
    REQUIRE(found.contains(ends));
    CHECK(static_cast<float>(found.at(ends)) == static_cast<float>(weight));
  }
  const sgd::Mlp again = layerize(lifted);
  CHECK(sgd::architecture_of(again.wiring) == sgd::architecture_of(layered.wiring));
  CHECK(test::weights_by_origin(again) == test::weights_by_origin(layered));
}

}  // namespace

TEST_CASE("lift gives back the genome that was layerised") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    check_structure_kept(test::random_genome(seed));
  }
}

TEST_CASE("lift gives back the study's genomes") {
  for (const std::string name : {"skull/genome.zip", "butterfly/genome.zip", "skull/labelled_genome.xml",
                                 "sad_face/labelled_genome.xml", "letter_g/labelled_genome.xml"}) {
    CAPTURE(name);
    const auto file = test::reference_data(name);
    if (!file) return;
    check_structure_kept(neat::read_picbreeder(*file).at(0).genome);
  }
}

TEST_CASE("a lifted dense, pruned or trained MLP draws the same picture") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const double densities[] = {1.1, 0.5, 0.2, 0.1};
    const sgd::Mlp mlp = random_mlp(seed, densities[seed % 4]);
    for (const bool keep_dead : {false, true}) {
      const neat::Genome genome = lift(mlp, keep_dead).genome;
      CHECK(largest_difference(genome, mlp) < 1e-5);
    }
    sgd::Mlp trained = layerize(test::random_genome(seed));
    RandomStream random(seed, "trained");
    for (float& w : trained.weights) w = static_cast<float>(0.4 * random.normal());
    CHECK(largest_difference(lift(trained).genome, trained) < 1e-5);
  }
}

TEST_CASE("lifting removes what reaches no output and keeps zero links") {
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("2;cache:1,sin:2"), {{"a", "b"}, {"out"}});
  // Layer 1: cache <- a, sin <- b (weight 0), sin unconnected. Layer 2: cache <- cache, sin <- sin, sin <-
  // cache (dead).
  mlp.wiring.masks = {{1, 0, 0, 1, 0, 0}, {1, 0, 0, 0, 1, 0, 1, 0, 0}, {1, 1, 0}};
  mlp.weights = {2.0f, 0.0f, 0.5f, 3.0f, 7.0f, -1.0f, 4.0f};
  const neat::Genome genome = lift(mlp).genome;
  CHECK(genome.nodes.size() == 5);  // two inputs, out, two sines
  REQUIRE(genome.links.size() == 4);
  const auto weight_from_a = genome.links[2];
  CHECK(weight_from_a.source == genome.nodes[0].id);
  CHECK(weight_from_a.target == genome.nodes[2].id);
  CHECK(weight_from_a.weight == -1.0);  // 2 * 0.5 * -1
  CHECK(genome.links[0].weight == 0.0);
  CHECK(lift(mlp, true).genome.nodes.size() == 6);
}

TEST_CASE("markings are those of the origins, new ones are free") {
  sgd::Mlp mlp = random_mlp(3, 1.1);
  mlp.wiring.inputs = {{0, 7}, {5, 7}, {5, 8}, {5, 9}};
  mlp.wiring.hidden[0][5].origin = sgd::UnitOrigin{5, 100, false};
  mlp.wiring.hidden[1][5].origin = sgd::UnitOrigin{5, 100, false};  // claimed twice: the first has it
  const neat::Genome genome = lift(mlp).genome;
  CHECK(genome.nodes[0].id == Marking{0, 7});
  CHECK(genome.nodes[1].id == Marking{5, 7});
  CHECK(std::ranges::count(genome.nodes, Marking{5, 100}, &neat::Node::id) == 1);
  for (const neat::Link& link : genome.links) CHECK(link.id.id > 7);
}

TEST_CASE("a unit that pruning cuts off is no longer its node") {
  const neat::Genome genome =
      test::random_genome(11, {.most_hidden = 24, .greyscale_too = false, .oddities = false});
  const sgd::Mlp layered = layerize(genome);
  std::vector<std::uint8_t> keep(layered.weights.size(), 1);
  keep[keep.size() - 3] = 0;  // hue's
  keep[keep.size() - 2] = 0;  // saturation's
  const sgd::Mlp pruned = sgd::restrict_to(layered, keep);
  const neat::Genome lifted = lift(pruned).genome;
  CHECK(lifted.nodes.size() < genome.nodes.size() + 2);
  CHECK(largest_difference(lifted, pruned) < 1e-5);
  std::set<Marking> feeding, fed;
  for (const neat::Link& link : genome.links) feeding.insert(link.source);
  for (const neat::Link& link : lifted.links) fed.insert(link.source);
  for (std::size_t n = 7; n < lifted.nodes.size(); ++n)
    CHECK(fed.contains(lifted.nodes[n].id) == feeding.contains(lifted.nodes[n].id));
}
