#include "neat/search/species.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "neat/search/distance.hpp"

namespace skein::neat {

namespace {

bool fitter(const Organism& a, const Organism& b) {
  return a.fitness != b.fitness ? a.fitness > b.fitness : a.birth < b.birth;
}

Species& home(const Genome& genome, std::vector<Species>& species, double threshold,
              const Speciation& settings) {
  const auto found = std::ranges::find_if(species, [&](const Species& each) {
    return !settings.enabled || distance(genome, each.representative, settings) < threshold;
  });
  return found == species.end() ? species.emplace_back() : *found;
}

/// Place in `species` of the one with the fittest organism among those that `eligible` admits.
std::size_t best_species(std::span<const Organism> population, std::span<const Species> species,
                         const std::vector<bool>& eligible) {
  std::size_t best = species.size();
  for (std::size_t s = 0; s < species.size(); ++s)
    if (eligible[s] && (best == species.size() || fitter(population[species[s].members.front()],
                                                         population[species[best].members.front()])))
      best = s;
  return best;
}

}  // namespace

std::vector<Species> speciate(std::span<const Organism> population, std::vector<Species> before,
                              double threshold, const Speciation& settings, std::uint32_t generation,
                              std::uint32_t& next_id) {
  std::vector<Species> species = std::move(before);
  for (Species& each : species) each.members.clear();
  for (std::uint32_t place = 0; place < population.size(); ++place) {
    Species& chosen = home(population[place].genome, species, threshold, settings);
    if (chosen.members.empty() && chosen.representative.nodes.empty()) {
      chosen.id = next_id++;
      chosen.founded = chosen.improved = generation;
      chosen.best = population[place].fitness;
      chosen.representative = population[place].genome;
    }
    chosen.members.push_back(place);
  }
  std::erase_if(species, [](const Species& each) { return each.members.empty(); });
  for (Species& each : species) {
    std::ranges::sort(each.members,
                      [&](std::uint32_t a, std::uint32_t b) { return fitter(population[a], population[b]); });
    const double best = population[each.members.front()].fitness;
    if (best > each.best) {
      each.best = best;
      each.improved = generation;
    }
  }
  return species;
}

double controlled_threshold(double threshold, std::size_t species, const ThresholdControl& control) {
  if (control.species == 0) return threshold;
  const double off = static_cast<double>(std::max<std::size_t>(species, 1)) / control.species;
  threshold *= std::clamp(std::pow(off, control.gain), 1 / control.step, control.step);
  return std::clamp(threshold, control.lowest, control.highest);
}

std::vector<double> shared_fitness(std::span<const Organism> population, std::span<const Species> species) {
  double lowest = 0;
  for (const Organism& organism : population) lowest = std::min(lowest, organism.fitness);
  std::vector<double> shares;
  for (const Species& each : species) {
    double sum = 0;
    for (const std::uint32_t member : each.members) sum += population[member].fitness - lowest;
    shares.push_back(sum / static_cast<double>(each.members.size()));
  }
  return shares;
}

std::vector<bool> may_reproduce(std::span<const Organism> population, std::span<const Species> species,
                                const Selection& settings, std::uint32_t generation) {
  std::vector<bool> allowed(species.size(), true);
  const auto limit = static_cast<std::uint32_t>(settings.stagnation);
  if (limit > 0)
    for (std::size_t s = 0; s < species.size(); ++s) allowed[s] = generation - species[s].improved < limit;
  if (settings.keep_best || std::ranges::none_of(allowed, std::identity{}))
    allowed[best_species(population, species, std::vector<bool>(species.size(), true))] = true;
  return allowed;
}

std::vector<bool> best_two(std::span<const Organism> population, std::span<const Species> species) {
  std::vector<bool> allowed(species.size(), false), rest(species.size(), true);
  for (int i = 0; i < 2; ++i) {
    const std::size_t best = best_species(population, species, rest);
    if (best == species.size()) break;
    allowed[best] = true;
    rest[best] = false;
  }
  return allowed;
}

std::vector<int> allot(int children, std::span<const double> shares, const std::vector<bool>& allowed) {
  std::vector<double> wanted(shares.size(), 0);
  double total = 0;
  for (std::size_t s = 0; s < shares.size(); ++s)
    if (allowed[s]) total += wanted[s] = shares[s];
  if (!(total > 0))
    for (std::size_t s = 0; s < shares.size(); ++s) total += wanted[s] = allowed[s] ? 1.0 : 0.0;
  std::vector<int> given(shares.size(), 0);
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  int left = children;
  for (std::size_t s = 0; s < shares.size(); ++s) {
    wanted[s] *= children / total;
    given[s] = std::min(static_cast<int>(std::floor(wanted[s])), left);
    left -= given[s];
  }
  std::ranges::stable_sort(
      order, [&](std::size_t a, std::size_t b) { return wanted[a] - given[a] > wanted[b] - given[b]; });
  // Rounding can leave more than one child per species over; go round until none is left.
  for (std::size_t i = 0; left > 0; i = (i + 1) % order.size())
    if (allowed[order[i]]) ++given[order[i]], --left;
  return given;
}

}  // namespace skein::neat
