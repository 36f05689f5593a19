#include "neat/search/reproduction.hpp"

#include <algorithm>
#include <cmath>

#include "neat/operators/crossover.hpp"
#include "neat/operators/mutation.hpp"

namespace skein::neat {

namespace {

/// The members that may be parents: the fittest share, at least one.
std::span<const std::uint32_t> parents(const Species& species, const Selection& settings) {
  const auto count = std::ceil(settings.survival * static_cast<double>(species.members.size()));
  return std::span(species.members).first(std::max<std::size_t>(1, static_cast<std::size_t>(count)));
}

template <class T>
const T& any_of(std::span<const T> items, RandomStream& random) {
  return items[random.below(static_cast<std::uint32_t>(items.size()))];
}

std::strong_ordering compare(double a, double b) {
  if (a == b) return std::strong_ordering::equal;
  return a > b ? std::strong_ordering::greater : std::strong_ordering::less;
}

/// Place of the second parent and whether it is of another species; nothing when there is nobody else.
struct Mate {
  std::uint32_t place = 0;
  bool other_species = false;
};

std::optional<Mate> find_mate(std::uint32_t mother, std::size_t home, std::span<const Species> species,
                              const std::vector<bool>& allowed, const Settings& settings,
                              RandomStream& random) {
  if (settings.crossover.interspecies > 0 && random.chance(settings.crossover.interspecies)) {
    std::vector<std::size_t> others;
    for (std::size_t s = 0; s < species.size(); ++s)
      if (s != home && allowed[s]) others.push_back(s);
    if (!others.empty()) {
      const Species& other = species[any_of<std::size_t>(others, random)];
      return Mate{any_of(parents(other, settings.selection), random), true};
    }
  }
  const auto candidates = parents(species[home], settings.selection);
  if (candidates.size() < 2) return std::nullopt;
  // Drawn among the others: a genome crossed with itself would be a copy.
  const auto own = static_cast<std::size_t>(std::ranges::find(candidates, mother) - candidates.begin());
  const std::size_t drawn = random.below(static_cast<std::uint32_t>(candidates.size() - 1));
  return Mate{candidates[drawn < own ? drawn : drawn + 1], false};
}

}  // namespace

Organism make_child(const Organism& mother, const Organism* father, bool other_species,
                    const Settings& settings, std::uint32_t generation, Ledger& ledger, Lineage& lineage,
                    RandomStream& random) {
  Birth birth{.generation = generation, .mother = mother.birth};
  Organism child{.birth = lineage.size()};
  bool mutated = true;
  if (father != nullptr) {
    const Mating mating =
        random.chance(settings.crossover.averaging) ? Mating::averaging : Mating::multipoint;
    child.genome = cross(mother.genome, father->genome, compare(mother.fitness, father->fitness), mating,
                         settings.crossover, random);
    birth.father = father->birth;
    birth.operators.insert(mating == Mating::averaging ? Operator::averaging : Operator::multipoint);
    if (other_species) birth.operators.insert(Operator::interspecies);
    mutated = random.chance(settings.crossover.mutate_child);
  }
  if (mutated) {
    Mutant mutant =
        mutate(father != nullptr ? child.genome : mother.genome, settings.mutation, ledger, random);
    child.genome = std::move(mutant.genome);
    birth.operators = Operators(static_cast<std::uint16_t>(birth.operators.bits() | mutant.operators.bits()));
  }
  lineage.push_back(birth);
  return child;
}

std::vector<Organism> reproduce(std::span<const Organism> population, std::span<const Species> species,
                                const std::vector<bool>& allowed, const Settings& settings,
                                std::uint32_t generation, Ledger& ledger, Lineage& lineage,
                                RandomStream& random) {
  // Step 1. How many children each species has; the species of the fittest organism has room for its copy.
  auto children = allot(settings.population, shared_fitness(population, species), allowed);
  const auto fittest = std::ranges::max_element(species, {}, [&](const Species& each) {
    const Organism& best = population[each.members.front()];
    return std::pair(best.fitness, -static_cast<double>(best.birth));
  });
  const auto best = static_cast<std::size_t>(fittest - species.begin());
  if (settings.selection.keep_best && children[best] == 0) {
    --*std::ranges::max_element(children);
    ++children[best];
  }

  // Step 2. Champions unchanged, then children.
  std::vector<Organism> next;
  next.reserve(static_cast<std::size_t>(settings.population));
  for (std::size_t s = 0; s < species.size(); ++s) {
    int left = children[s];
    const bool champion =
        species[s].members.size() > static_cast<std::size_t>(settings.selection.champion_above) ||
        (settings.selection.keep_best && s == best);
    if (champion && left > 0) next.push_back(population[species[s].members.front()]), --left;
    for (; left > 0; --left) {
      const std::uint32_t mother = any_of(parents(species[s], settings.selection), random);
      std::optional<Mate> mate;
      if (random.chance(settings.crossover.rate))
        mate = find_mate(mother, s, species, allowed, settings, random);
      next.push_back(make_child(population[mother], mate ? &population[mate->place] : nullptr,
                                mate && mate->other_species, settings, generation, ledger, lineage, random));
    }
  }
  return next;
}

}  // namespace skein::neat
