#pragma once

#include <span>
#include <vector>

#include "lib/base/random.hpp"
#include "neat/genome/ledger.hpp"
#include "neat/operators/settings.hpp"
#include "neat/search/lineage.hpp"
#include "neat/search/species.hpp"

namespace skein::neat {

/// The next generation: exactly as many organisms as `settings.population`. Champions are copied with their
/// birth number; every other child is a new birth, written to the lineage. Serial and a function of its
/// arguments alone.
std::vector<Organism> reproduce(std::span<const Organism> population, std::span<const Species> species,
                                const std::vector<bool>& allowed, const Settings& settings,
                                std::uint32_t generation, Ledger& ledger, Lineage& lineage,
                                RandomStream& random);

/// One child of one or two parents, mutated as the settings say. The second parent may be null.
Organism make_child(const Organism& mother, const Organism* father, bool other_species,
                    const Settings& settings, std::uint32_t generation, Ledger& ledger, Lineage& lineage,
                    RandomStream& random);

}  // namespace skein::neat
