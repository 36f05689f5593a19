#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "neat/genome/genome.hpp"

namespace skein::experiments {

/// A genome that skein's own open-ended search found, written out as data. Its markings are those of the
/// search, all of branch 0: inputs 0 to 3 (x, y, d, bias), outputs 4 to 6 (hue, saturation, brightness,
/// identity units). Genes that were disabled are left out.
struct EvolvedTarget {
  struct Hidden {
    std::int32_t id;
    Activation activation;
  };
  struct Gene {
    std::int32_t id, source, target;
    double weight;
  };

  std::string name;
  std::string description;  ///< what a person sees in it
  std::string command;      ///< the search that found it
  std::uint64_t birth;      ///< its number in that search
  /// From the first genome to this one, mother by mother: birth number and the operators that made it.
  std::string lineage;
  std::vector<Hidden> hidden;
  std::vector<Gene> links;
};

/// From the simplest to the deepest, as evolved_genomes.json has them.
std::span<const EvolvedTarget> evolved_targets();

neat::AnnotatedGenome genome_of(const EvolvedTarget& target);

}  // namespace skein::experiments
