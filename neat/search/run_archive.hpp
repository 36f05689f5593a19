#pragma once

#include "neat/files/genome_archive.hpp"
#include "neat/genome/ledger.hpp"
#include "neat/search/lineage.hpp"
#include "neat/search/species.hpp"

/// How the state of runs goes in and out of archives. Include only in the .cpp files that read or write
/// files, after lib/files/bounded_archive.hpp and cereal's maps.
namespace skein::neat {

template <class Archive>
void save(Archive& archive, const Ledger& ledger) {
  archive(ledger.links(), ledger.splits(), ledger.next_node(), ledger.next_link());
}

template <class Archive>
void load(Archive& archive, Ledger& ledger) {
  Ledger::Links links;
  Ledger::Splits splits;
  std::int32_t next_node = 0, next_link = 0;
  archive(links, splits, next_node, next_link);
  ledger = Ledger::restore(std::move(links), std::move(splits), next_node, next_link);
}

template <class Archive>
void save(Archive& archive, const Birth& birth) {
  archive(birth.generation, birth.operators.bits(), birth.mother, birth.father, birth.fitness);
}

template <class Archive>
void load(Archive& archive, Birth& birth) {
  std::uint16_t operators = 0;
  archive(birth.generation, operators, birth.mother, birth.father, birth.fitness);
  birth.operators = Operators(operators);
}

template <class Archive>
void serialize(Archive& archive, Organism& organism) {
  archive(organism.genome, organism.birth, organism.fitness);
}

}  // namespace skein::neat
