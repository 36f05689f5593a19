#pragma once

#include <span>
#include <vector>

#include "lib/base/random.hpp"
#include "neat/operators/settings.hpp"
#include "neat/search/lineage.hpp"

namespace skein::neat {

/// A genome of the population with what selection needs to know of it.
struct Organism {
  Genome genome{};
  BirthNumber birth = 0;
  double fitness = 0;
  bool operator==(const Organism&) const = default;
};

/// Organisms that are compatible with one representative (Stanley and Miikkulainen 2002, section 3.3).
struct Species {
  std::uint32_t id = 0;
  std::uint32_t founded = 0;   ///< generation
  std::uint32_t improved = 0;  ///< generation in which `best` was reached
  double best = 0;             ///< highest fitness of any member ever
  Genome representative{};     ///< a member of the generation before
  std::vector<std::uint32_t>
      members;  ///< places in the population, fittest first; of two equal ones the older
  bool operator==(const Species&) const = default;
};

/// Puts each organism into the first species whose representative is nearer than the threshold, or founds a
/// new one; species without members end. Genomes must be in gene order.
std::vector<Species> speciate(std::span<const Organism> population, std::vector<Species> before,
                              double threshold, const Speciation& settings, std::uint32_t generation,
                              std::uint32_t& next_id);

/// Moves the threshold towards where the wished number of species may be, within its bounds.
double controlled_threshold(double threshold, std::size_t species, const ThresholdControl& control);

/// Fitness as shared: divided by the size of the species (explicit sharing: sh is 1 within a species, 0
/// across) and summed over its members, so a species counts by its mean. When some fitness is negative all
/// are first raised so that the lowest of the population is 0; the paper's sharing is for fitness of 0 or
/// more.
std::vector<double> shared_fitness(std::span<const Organism> population, std::span<const Species> species);

/// Which species may have children: those that improved lately. One always may: the species of the fittest
/// organism when `keep_best`, or when all are stagnant.
std::vector<bool> may_reproduce(std::span<const Organism> population, std::span<const Species> species,
                                const Selection& settings, std::uint32_t generation);

/// Only the two species with the fittest organisms: how a population that is stuck is refocused.
std::vector<bool> best_two(std::span<const Organism> population, std::span<const Species> species);

/// Splits `children` among the species in proportion to `shares` (largest remainder; between equal remainders
/// the earlier species): the sum is exactly `children`. All shares zero: equal parts. Species that may not
/// reproduce get none.
std::vector<int> allot(int children, std::span<const double> shares, const std::vector<bool>& allowed);

}  // namespace skein::neat
