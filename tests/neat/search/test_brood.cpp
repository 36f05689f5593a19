#include "neat/search/brood.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "lib/base/error.hpp"
#include "lib/engine/engine.hpp"
#include "lib/files/framed_file.hpp"
#include "neat/operators/start.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/random_genome.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

std::vector<AnnotatedGenome> genomes_of(const Brood& brood) {
  std::vector<AnnotatedGenome> genomes;
  for (const Bred& bred : brood) genomes.push_back(bred.annotated);
  return genomes;
}

bool enters_colour(const Genome& genome, const Link& link) {
  return link.target == genome.nodes[4].id || link.target == genome.nodes[5].id;
}

}  // namespace

TEST_CASE("a generation from nothing has fifteen simple pictures that differ") {
  const Brood brood = first_brood({}, {1, 1});
  REQUIRE(brood.size() == brood_size);
  std::set<std::string> pictures;
  for (const Bred& bred : brood) {
    validate(bred.annotated.genome);
    CHECK(bred.mother == -1);
    const Phenotype phenotype = express(bred.annotated.genome);
    const Picture picture = draw(Plan(phenotype.network), phenotype.weights, Grid{16, 16});
    pictures.emplace(reinterpret_cast<const char*>(picture.rgb.data()), picture.rgb.size() * sizeof(float));
  }
  CHECK(pictures.size() == brood_size);
  CHECK(first_brood({}, {1, 1}) == brood);
  CHECK(first_brood({}, {2, 1}) != brood);
  CHECK(first_brood({}, {1, 2}) != brood);
}

TEST_CASE("parents stay unchanged in front, children are valid and name their parents") {
  std::vector<AnnotatedGenome> genomes = genomes_of(first_brood({}, {3, 1}));
  for (std::uint32_t generation = 2; generation < 40; ++generation) {
    CAPTURE(generation);
    const std::vector<std::uint32_t> picks{generation % 15, (generation + 7) % 15};
    const Brood next = next_brood(genomes, picks, {}, {3, generation});
    REQUIRE(next.size() == brood_size);
    for (std::size_t place = 0; place < next.size(); ++place) {
      CHECK_NOTHROW(validate(next[place].annotated.genome));
      CHECK(std::ranges::find(picks, static_cast<std::uint32_t>(next[place].mother)) != picks.end());
    }
    for (std::size_t i = 0; i < picks.size(); ++i) {
      CHECK(next[i].annotated == genomes[picks[i]]);
      CHECK(next[i].operators.empty());
    }
    CHECK(std::ranges::any_of(next, [](const Bred& bred) { return bred.father >= 0; }));
    CHECK(next_brood(genomes, picks, {}, {3, generation}) == next);
    genomes = genomes_of(next);
  }
}

TEST_CASE("only what may change changes") {
  const std::vector<AnnotatedGenome> genomes = genomes_of(first_brood({}, {4, 1}));
  const std::vector<std::uint32_t> picks{0};
  const Genome& mother = genomes[0].genome;
  SUBCASE("weights alone") {
    for (const Bred& bred : next_brood(genomes, picks, {.structure = false, .activations = false}, {4, 2})) {
      CHECK(bred.annotated.genome.nodes == mother.nodes);
      CHECK(bred.annotated.genome.links.size() == mother.links.size());
    }
  }
  SUBCASE("structure alone keeps every weight") {
    for (const Bred& bred : next_brood(genomes, picks, {.weights = false, .activations = false}, {4, 2}))
      for (const Link& link : mother.links) {
        const auto same = find_link(bred.annotated.genome, link.id);
        REQUIRE(same);
        CHECK(bred.annotated.genome.links[*same].weight == link.weight);
      }
  }
  SUBCASE("without colour the children are grey; colour comes back") {
    const Brood grey = next_brood(genomes, picks, {.colour = false}, {4, 2});
    for (std::size_t place = 1; place < grey.size(); ++place)
      for (const Link& link : grey[place].annotated.genome.links)
        CHECK_FALSE((link.enabled && enters_colour(grey[place].annotated.genome, link)));
    const std::vector<std::uint32_t> second{1};
    const Brood coloured = next_brood(genomes_of(grey), second, {}, {4, 3});
    for (std::size_t place = 1; place < coloured.size(); ++place)
      CHECK(std::ranges::any_of(coloured[place].annotated.genome.links, [&](const Link& link) {
        return link.enabled && enters_colour(coloured[place].annotated.genome, link);
      }));
  }
}

TEST_CASE("founders of any origin are bred on: greyscale beside colour, markings with two meanings") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    std::vector<AnnotatedGenome> founders;
    for (std::uint64_t i = 0; i < 3; ++i) founders.push_back({test::random_genome(seed * 3 + i), {}});
    const std::vector<std::uint32_t> all{0, 1, 2};
    const Brood brood = next_brood(founders, all, {}, {seed, 1});
    REQUIRE(brood.size() == brood_size);
    for (const Bred& bred : brood) CHECK_NOTHROW(validate(bred.annotated.genome));
    CHECK(parse_brood(brood_bytes(brood), "brood") == brood);
  }
}

TEST_CASE("what cannot be bred is refused in one line") {
  const std::vector<AnnotatedGenome> genomes = genomes_of(first_brood({}, {5, 1}));
  const std::vector<std::uint32_t> none, twice{1, 1}, beyond{15}, one{0};
  CHECK_THROWS_AS(next_brood(genomes, none, {}, {5, 2}), ConfigError);
  CHECK_THROWS_AS(next_brood(genomes, twice, {}, {5, 2}), ConfigError);
  CHECK_THROWS_AS(next_brood(genomes, beyond, {}, {5, 2}), ConfigError);
  CHECK_THROWS_AS(next_brood(genomes, one, {.strength = 1.5}, {5, 2}), ConfigError);
  CHECK_THROWS_AS(
      next_brood(genomes, one, {.structure = false, .weights = false, .activations = false}, {5, 2}),
      ConfigError);
  CHECK_THROWS_AS(next_brood(genomes, one, {.hidden = {}}, {5, 2}), ConfigError);
  std::vector<AnnotatedGenome> other{{minimal_genome({{"x1", "bias"}, {"xor"}}, Activation::identity), {}}};
  CHECK_THROWS_AS(next_brood(other, one, {}, {5, 2}), ConfigError);
  std::vector<AnnotatedGenome> large = genomes;
  for (std::int32_t i = 0; large[0].genome.nodes.size() <= most_bred_nodes; ++i)
    large[0].genome.nodes.push_back({{7, i}, NodeRole::hidden, Activation::sin});
  CHECK_THROWS_AS(next_brood(large, one, {}, {5, 2}), ConfigError);
}

TEST_CASE("damaged generation files are refused in one line") {
  const std::string bytes = brood_bytes(first_brood({}, {6, 1}));
  CHECK(test::refuses_or_reads(bytes, 300, [](const std::string& copy) { parse_brood(copy, "brood"); }) >
        250);
}

TEST_CASE("generation files that hold no generation are refused with the cause, whole as they are") {
  const auto refused = [](const std::string& bytes, const char* cause) {
    CHECK_THROWS_WITH_AS(parse_brood(bytes, "1.brood"), doctest::Contains(cause), FormatError);
  };
  refused(brood_bytes({}), "1.brood: a generation of 0 pictures");
  refused(brood_bytes(Brood(1001)), "1.brood: a generation of 1001 pictures");
  Brood brood = first_brood({}, {6, 1});
  const std::string whole = brood_bytes(brood);
  CHECK(parse_brood(whole, "1.brood") == brood);
  Link lost = brood[3].annotated.genome.links.front();
  lost.id.id += 1000, lost.source.id += 1000;
  brood[3].annotated.genome.links.push_back(lost);
  refused(brood_bytes(brood), "1.brood: ");
  refused(frame("another kind", 1, whole), "1.brood: ");
  refused(frame(brood_file_kind, 1, unframe(whole, brood_file_kind, 1, "").payload.substr(1)), "1.brood: ");
}
