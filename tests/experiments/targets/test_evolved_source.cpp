#include "experiments/targets/evolved_source.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "experiments/targets/evolved_data.hpp"
#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

neat::Operators operators_of(const std::string& names) {
  neat::Operators result;
  std::istringstream in(names);
  for (std::string name; std::getline(in, name, '+');)
    result.insert(static_cast<neat::Operator>(std::ranges::find(neat::operator_names, name) -
                                              neat::operator_names.begin()));
  return result;
}

/// A map that holds just the embedded targets, with their line of mothers, and besides what no target has: a
/// disabled link and a hidden node that nothing uses.
neat::MapElites archive_of_targets() {
  neat::MapElites map;
  map.lineage.resize(200'000);
  for (const EvolvedTarget& target : evolved_targets()) {
    neat::Genome genome = genome_of(target).genome;
    genome.nodes.push_back({{0, 900'000}, neat::NodeRole::hidden, Activation::sin});
    genome.links.push_back({{0, 900'001}, {0, 0}, {0, 900'000}, 1.0, false});
    map.elites[map.elites.size()] = {.organism = {.genome = genome, .birth = target.birth}, .behaviour = {}};
    std::istringstream steps{std::string(target.lineage)};
    neat::BirthNumber mother = neat::no_parent;
    for (std::string word; steps >> word;) {
      if (word == ">") continue;
      if (std::isdigit(static_cast<unsigned char>(word[0])) == 0) {
        map.lineage[mother].operators = operators_of(word);
        continue;
      }
      const auto birth = static_cast<neat::BirthNumber>(std::stoull(word));
      map.lineage[birth].mother = mother;
      mother = birth;
    }
  }
  return map;
}

}  // namespace

TEST_CASE("embedded targets are found in their search's archive by birth, genome and lineage") {
  const neat::MapElites map = archive_of_targets();
  const auto origins = origins_in(map);
  REQUIRE(origins.size() == evolved_targets().size());
  for (const EvolvedOrigin& origin : origins) {
    CAPTURE(origin.target->name);
    CHECK(origin.is_true());
  }
  CHECK(evolved_source(origins) == evolved_genomes_json());
}

TEST_CASE("an archive with another genome, another lineage or without the birth is told apart") {
  neat::MapElites map = archive_of_targets();
  map.elites.at(0).organism.genome.links[0].weight *= 1 + 1e-15;
  map.lineage[evolved_targets()[1].birth].operators.insert(neat::Operator::disable);
  map.elites.at(2).organism.birth = 1;
  const auto origins = origins_in(map);
  CHECK(origins[0].found);
  CHECK_FALSE(origins[0].same_genome);
  CHECK(origins[0].same_lineage);
  CHECK(origins[1].same_genome);
  CHECK_FALSE(origins[1].same_lineage);
  CHECK_FALSE(origins[2].found);
  CHECK(origins[3].is_true());
  CHECK_THROWS_WITH_AS(evolved_source(origins),
                       doctest::Contains(std::to_string(evolved_targets()[2].birth).c_str()), ConfigError);
}
