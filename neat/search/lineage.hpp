#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "neat/operators/operator.hpp"

namespace skein::neat {

/// Names a genome of a run by the order in which it was made.
using BirthNumber = std::uint64_t;
inline constexpr BirthNumber no_parent = std::numeric_limits<BirthNumber>::max();

/// How a genome came to be.
struct Birth {
  std::uint32_t generation = 0;
  Operators operators{};
  BirthNumber mother = no_parent;  ///< the first parent; none for the genomes a run begins with
  BirthNumber father = no_parent;  ///< the second parent of a crossover
  double fitness = 0;              ///< as last evaluated
  bool operator==(const Birth&) const = default;
};

/// Every birth of a run; birth number n is element n.
using Lineage = std::vector<Birth>;

/// The chosen and all their ancestors, oldest first, each once.
std::vector<BirthNumber> ancestry(const Lineage& lineage, std::span<const BirthNumber> chosen);

/// The line of mothers from a beginning of the run to `of`.
std::vector<BirthNumber> maternal_line(const Lineage& lineage, BirthNumber of);

/// The ancestry of the chosen as JSON {"format": "skein-phylogeny", "version": 1, "chosen": [...], "births":
/// [{"birth", "generation", "parents", "operators", "fitness"}]}.
std::string phylogeny_json(const Lineage& lineage, std::span<const BirthNumber> chosen);

/// The same as a Graphviz digraph, one rank per generation. Births that only pass on (one parent, one child)
/// are drawn as part of an edge, which says how many it spans.
std::string phylogeny_dot(const Lineage& lineage, std::span<const BirthNumber> chosen);

}  // namespace skein::neat
