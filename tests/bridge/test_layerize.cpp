#include "bridge/layerize.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lib/base/error.hpp"
#include "lib/network/oracle.hpp"
#include "tests/support/random_genome.hpp"

using namespace skein;
using namespace skein::bridge;

namespace {

std::vector<double> exact(const Weights& weights) { return {weights.begin(), weights.end()}; }

/// The largest difference of any output between two networks on a small grid, relative to max(1, value).
double largest_difference(const Network& a, const Weights& wa, const Network& b, const Weights& wb) {
  const Grid grid{5, 4};
  double worst = 0;
  for (int row = 0; row < grid.height; ++row)
    for (int column = 0; column < grid.width; ++column) {
      const auto va = oracle_outputs(a, exact(wa), oracle_inputs(a, grid, row, column));
      const auto vb = oracle_outputs(b, exact(wb), oracle_inputs(b, grid, row, column));
      REQUIRE(va.size() == vb.size());
      for (std::size_t o = 0; o < va.size(); ++o)
        worst = std::max(worst, std::abs(va[o] - vb[o]) / std::max(1.0, std::abs(va[o])));
    }
  return worst;
}

}  // namespace

TEST_CASE("layerize draws the same picture as the genome") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    const neat::Genome genome = test::random_genome(seed);
    const neat::Phenotype phenotype = neat::express(genome);
    const sgd::Mlp mlp = layerize(genome);
    REQUIRE_NOTHROW(sgd::validate(mlp));
    REQUIRE(largest_difference(phenotype.network, phenotype.weights, sgd::lower(mlp.wiring).network,
                               mlp.weights) < 1e-6);
  }
}

TEST_CASE("every node is computed once, copied without gaps, and stands one layer above its highest source") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    const neat::Genome genome = test::random_genome(seed);
    const neat::Phenotype phenotype = neat::express(genome);
    const sgd::Wiring wiring = layerize(genome).wiring;
    for (std::size_t u = 0; u < phenotype.node_of_unit.size(); ++u) {
      const neat::Marking id = phenotype.node_of_unit[u];
      std::vector<int> computed, copied;
      for (int l = 0; l < wiring.depth(); ++l)
        for (const sgd::MlpUnit& unit : wiring.hidden[static_cast<std::size_t>(l)])
          if (unit.origin && unit.origin->branch == id.branch && unit.origin->id == id.id) {
            (unit.origin->copy ? copied : computed).push_back(l + 1);
            REQUIRE(unit.origin->copy == unit.kind.cache);
          }
      REQUIRE(computed.size() == 1);
      if (id.branch != -1) REQUIRE(computed[0] == phenotype.network.units()[u].layer);
      for (std::size_t c = 0; c < copied.size(); ++c)
        REQUIRE(copied[c] == computed[0] + 1 + static_cast<int>(c));
    }
    std::vector<std::size_t> widths;
    for (const auto& layer : wiring.hidden) widths.push_back(layer.size());
    REQUIRE(std::ranges::count(widths, widths[0]) == std::ssize(widths));
  }
}

TEST_CASE("copies have weight one and are the only weights that freezing holds") {
  const sgd::Mlp mlp = layerize(test::random_genome(7));
  const auto trainable = sgd::trainable_without_copies(mlp.wiring);
  CHECK(std::ranges::count(trainable, 0) > 3);
  for (std::size_t s = 0; s < trainable.size(); ++s)
    if (trainable[s] == 0) CHECK(mlp.weights[s] == 1.0f);
}

TEST_CASE("links of weight zero exist; disabled ones do not; parallel ones are summed") {
  neat::Genome genome;
  genome.signature = {{"a", "b"}, {"out"}};
  genome.nodes = {{{0, 0}, neat::NodeRole::input, Activation::identity},
                  {{0, 1}, neat::NodeRole::input, Activation::identity},
                  {{0, 2}, neat::NodeRole::output, Activation::sin}};
  genome.links = {{{0, 3}, {0, 0}, {0, 2}, 0.0, true},
                  {{0, 4}, {0, 1}, {0, 2}, 0.5, true},
                  {{0, 5}, {0, 1}, {0, 2}, 0.25, true},
                  {{0, 6}, {0, 1}, {0, 2}, 9.0, false}};
  const sgd::Mlp mlp = layerize(genome);
  CHECK(sgd::architecture_of(mlp.wiring).text() == "1;sin:1");
  CHECK(mlp.wiring.masks[0] == std::vector<std::uint8_t>{1, 1});
  CHECK(mlp.weights == Weights{0.0f, 0.75f, 1.0f});
}

TEST_CASE("a greyscale genome gets hue and saturation without weights, one layer above ink") {
  neat::Genome genome;
  genome.signature = {{"x", "y", "d", "bias"}, {"ink"}};
  for (int i = 0; i < 4; ++i) genome.nodes.push_back({{0, i}, neat::NodeRole::input, Activation::identity});
  genome.nodes.push_back({{0, 4}, neat::NodeRole::output, Activation::gaussian});
  genome.links = {{{0, 5}, {0, 0}, {0, 4}, 2.0, true}};
  const sgd::Mlp mlp = layerize(genome);
  CHECK(sgd::architecture_of(mlp.wiring).text() == "2;cache:1,gaussian:1,identity:2");
  CHECK(mlp.wiring.signature == picture_signature());
  CHECK(mlp.weights == Weights{2.0f, 1.0f, 1.0f, 1.0f, 1.0f});
  CHECK(mlp.wiring.hidden[1][2].origin == sgd::UnitOrigin{-1, 0, false});
  CHECK(mlp.wiring.hidden[1][3].origin == sgd::UnitOrigin{-1, 1, false});
}

TEST_CASE("a genome deeper than an MLP may be is refused") {
  neat::Genome genome;
  genome.signature = {{"a"}, {"out"}};
  genome.nodes = {{{0, 0}, neat::NodeRole::input, Activation::identity},
                  {{0, 1}, neat::NodeRole::output, Activation::sin}};
  for (int n = 2; n < 3000; ++n) genome.nodes.push_back({{0, n}, neat::NodeRole::hidden, Activation::sin});
  genome.links.push_back({{1, 0}, {0, 0}, {0, 2}, 1.0, true});
  for (int n = 2; n < 2999; ++n) genome.links.push_back({{1, n}, {0, n}, {0, n + 1}, 1.0, true});
  genome.links.push_back({{1, 2999}, {0, 2999}, {0, 1}, 1.0, true});
  CHECK_THROWS_AS(layerize(genome), ConfigError);
}
