#include "bridge/compare_wirings.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "bridge/layerize.hpp"
#include "lib/base/error.hpp"
#include "lib/network/oracle.hpp"
#include "neat/files/picbreeder.hpp"
#include "sgd/prune/mask_null.hpp"
#include "sgd/twins/twins.hpp"
#include "tests/support/random_genome.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::bridge;

namespace {

neat::Genome genome(std::uint64_t seed) {
  return test::random_genome(seed, {.most_hidden = 20, .greyscale_too = true, .oddities = false});
}

}  // namespace

TEST_CASE("a plain wiring computes what the network computed, up to scaled outputs") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    const neat::Phenotype phenotype = neat::express(test::random_genome(seed));
    const PlainWiring plain = plain_wiring(phenotype.network, phenotype.weights);
    CHECK(std::ranges::count(plain.weights, 0.0f) == 0);
    const std::vector<double> before(phenotype.weights.begin(), phenotype.weights.end());
    const std::vector<double> after(plain.weights.begin(), plain.weights.end());
    const std::vector<double> one{0.3, -0.6, 0.9, 1.0}, two{-0.8, 0.1, 1.1, 1.0};
    const auto a = oracle_outputs(phenotype.network, before, one),
               b = oracle_outputs(phenotype.network, before, two);
    const auto c = oracle_outputs(plain.network, after, one), d = oracle_outputs(plain.network, after, two);
    for (std::size_t o = 0; o < a.size(); ++o)
      CHECK(a[o] * d[o] ==
            doctest::Approx(b[o] * c[o]).epsilon(1e-4).scale(std::max(1.0, std::abs(b[o] * c[o]))));
  }
}

TEST_CASE("layering does not change the plain wiring") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    const neat::Genome g = test::random_genome(seed);
    const PlainWiring direct = plain_wiring(g), layered = plain_wiring(layerize(g));
    CHECK(direct.network.unit_count() == layered.network.unit_count());
    CHECK(direct.network.edge_count() == layered.network.edge_count());
  }
}

TEST_CASE("a wiring is itself, permuted, with signs flipped or with useless units") {
  for (std::uint64_t seed = 0; seed < 15; ++seed) {
    CAPTURE(seed);
    const sgd::Mlp mlp = layerize(genome(seed));
    const PlainWiring reference = plain_wiring(mlp);
    const CompareWiringsSettings quick{.size = 24, .null_samples = 0};
    for (const sgd::Mlp& twin : {mlp, permute_units(mlp, seed), flip_signs(mlp, seed),
                                 add_useless_units(mlp, 0, {Activation::sin, false}, 3, seed)}) {
      const WiringComparison same = compare_wirings(reference, plain_wiring(twin), quick);
      CHECK(same.f1.value > 0.98);
      CHECK(same.mean_similarity > 0.999);
    }
  }
}

TEST_CASE("splitting costs precision, cutting costs recall") {
  const sgd::Mlp mlp = layerize(genome(2));
  const PlainWiring reference = plain_wiring(mlp);
  int unit = 0;
  for (std::size_t u = 0; u < mlp.wiring.hidden[0].size(); ++u)
    if (mlp.wiring.hidden[0][u].origin && !mlp.wiring.hidden[0][u].kind.cache) unit = static_cast<int>(u);
  const WiringComparison split = compare_wirings(reference, plain_wiring(split_unit(mlp, 0, unit, 3, 1)));
  CHECK(split.precision.value < 1);
  CHECK(split.candidate_edges > split.reference_edges);

  PlainWiring cut = reference;
  cut.weights[0] = 0;
  const WiringComparison less = compare_wirings(reference, plain_wiring(cut.network, cut.weights));
  CHECK(less.candidate_edges < less.reference_edges);
  CHECK(less.recall.value < 1);
}

TEST_CASE("the study's genomes stand far above chance against themselves, and a shuffled wiring does not") {
  const auto file = test::reference_data("butterfly/genome.zip");
  if (!file) return;
  const sgd::Mlp mlp = layerize(neat::read_picbreeder(*file).at(0).genome);
  const PlainWiring reference = plain_wiring(mlp);
  CHECK(reference.network.edge_count() ==
        97);  // of 108: four weigh zero, without which a node reaches nothing
  const WiringComparison same =
      compare_wirings(reference, plain_wiring(permute_units(flip_signs(mlp, 1), 2)));
  CHECK(same.f1.value == 1);
  CHECK(same.f1.null_mean < 0.5);
  CHECK(same.f1.z() > 10);

  sgd::Mlp shuffled = mlp;
  shuffled.wiring = sgd::shuffle_degrees(mlp.wiring, 5);
  const WiringComparison other = compare_wirings(reference, plain_wiring(shuffled));
  CHECK(other.f1.value < 0.6);
}

TEST_CASE("wirings that cannot be compared are refused; empty ones have defined answers") {
  const PlainWiring drawing = plain_wiring(genome(1));
  NetworkBuilder builder({{"a"}, {"out"}});
  builder.add_unit({Activation::sin, 1}, std::vector<Edge>{{0, 0}});
  const Network small = std::move(builder).finish({1});
  const PlainWiring other = plain_wiring(small, Weights{1.0f}), empty = plain_wiring(small, Weights{0.0f});
  CHECK_THROWS_AS(compare_wirings(drawing, other), ConfigError);
  CHECK_THROWS_AS(compare_wirings(other, other, {.size = 1}), ConfigError);
  CHECK(compare_wirings(other, other).f1.value == 1);
  CHECK(compare_wirings(other, empty).f1.value == 0);
  CHECK(compare_wirings(empty, empty).f1.value == 0);
}
