#pragma once

#include <cstddef>
#include <tuple>

#include "neat/genome/genome.hpp"

namespace skein::neat {

/// Historical order of markings. Those a run gives itself have branch 0 and come after all that a start
/// genome of another branch brought along; within a branch the number tells the age.
inline bool older(Marking a, Marking b) {
  return std::tuple(a.branch == 0, a.branch, a.id) < std::tuple(b.branch == 0, b.branch, b.id);
}

/// The order that the genetic operators expect and keep: inputs and outputs in the signature's order, then
/// hidden nodes by age; links by age. It has no meaning for the phenotype.
Genome in_gene_order(Genome genome);

/// Adds a link or a hidden node where gene order wants it.
void insert_gene(Genome& genome, const Link& link);
void insert_gene(Genome& genome, const Node& node);

std::size_t hidden_count(const Genome& genome);
std::size_t enabled_count(const Genome& genome);

}  // namespace skein::neat
