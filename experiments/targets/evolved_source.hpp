#pragma once

#include <string>
#include <vector>

#include "experiments/targets/evolved_targets.hpp"
#include "neat/search/map_elites.hpp"

namespace skein::experiments {

/// What the archive of a search knows of an embedded target: its elite of that birth.
struct EvolvedOrigin {
  const EvolvedTarget* target = nullptr;
  bool found = false;         ///< an elite of that birth is in the archive
  bool same_genome = false;   ///< with these nodes in use, links and weights, every bit
  bool same_lineage = false;  ///< and this line of mothers and operators
  std::string lineage;        ///< the line in the archive
  neat::Genome genome;        ///< the elite without its disabled genes
  bool is_true() const { return found && same_genome && same_lineage; }
};

/// Every embedded target beside what the search's archive holds.
std::vector<EvolvedOrigin> origins_in(const neat::MapElites& map);

/// The text of evolved_genomes.json, genomes and lineages taken from the archive; names, descriptions and births are those that are embedded. Throws
/// ConfigError naming a target whose birth the archive does not hold.
std::string evolved_source(const std::vector<EvolvedOrigin>& origins);

}  // namespace skein::experiments
