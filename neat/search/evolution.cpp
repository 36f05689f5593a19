#include "neat/search/evolution.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "neat/genome/gene_order.hpp"
#include "neat/operators/mutation.hpp"
#include "neat/operators/start.hpp"
#include "neat/search/reproduction.hpp"

namespace skein::neat {

namespace {

void keep_best(Evolution& evolution, std::span<const Evaluation> evaluations) {
  for (std::size_t i = 0; i < evolution.population.size(); ++i) {
    const Organism& organism = evolution.population[i];
    if (!evolution.best || organism.fitness > evolution.best->fitness) {
      evolution.best = organism;
      evolution.improved = evolution.generation;
    }
    if (evaluations[i].solved && (!evolution.solution || organism.fitness > evolution.solution->fitness))
      evolution.solution = organism;
  }
}

GenerationStatistics describe(const Evolution& evolution) {
  GenerationStatistics s;
  std::vector<double> fitness;
  fitness.reserve(evolution.population.size());
  for (const Organism& organism : evolution.population) {
    fitness.push_back(organism.fitness);
    s.mean_fitness += organism.fitness;
    s.mean_hidden += static_cast<double>(hidden_count(organism.genome));
    s.mean_links += static_cast<double>(enabled_count(organism.genome));
  }
  const auto count = static_cast<double>(fitness.size());
  s.mean_fitness /= count;
  s.mean_hidden /= count;
  s.mean_links /= count;
  const auto middle = fitness.begin() + static_cast<std::ptrdiff_t>(fitness.size() / 2);
  s.top_fitness = *std::ranges::max_element(fitness);
  std::ranges::nth_element(fitness, middle);
  s.median_fitness = *middle;
  s.generation = evolution.generation;
  s.evaluations = evolution.evaluations;
  s.best_fitness = evolution.best->fitness;
  s.species = evolution.species.size();
  s.threshold = evolution.threshold;
  s.innovations = evolution.ledger.innovations();
  return s;
}

/// A population that has not improved for long is left to its best two species, which then start afresh, as
/// in the authors' program: else the next generation, no better yet, would be cut down again.
std::vector<bool> choose_species(Evolution& evolution, const Selection& settings) {
  const auto patience = static_cast<std::uint32_t>(settings.population_stagnation);
  if (patience == 0 || evolution.generation - std::max(evolution.improved, evolution.refocused) <= patience)
    return may_reproduce(evolution.population, evolution.species, settings, evolution.generation);
  evolution.refocused = evolution.generation;
  auto allowed = best_two(evolution.population, evolution.species);
  for (std::size_t s = 0; s < allowed.size(); ++s)
    if (allowed[s]) evolution.species[s].improved = evolution.generation;
  return allowed;
}

Progress event(const GenerationStatistics& s, std::uint32_t total) {
  return {"generation",
          s.generation + 1,
          total,
          {{"best_fitness", s.best_fitness},
           {"mean_fitness", s.mean_fitness},
           {"species", static_cast<double>(s.species)},
           {"links", s.mean_links}}};
}

}  // namespace

Evolution begin(const Settings& settings, const Genome& start, bool random_weights, std::uint64_t seed) {
  validate(settings);
  const Genome first = as_start(start);
  Evolution evolution;
  evolution.threshold = settings.speciation.threshold;
  evolution.ledger.adopt(first);
  RandomStream random(seed, "first generation");
  for (int i = 0; i < settings.population; ++i) {
    Birth birth;
    Organism organism{.genome = first, .birth = evolution.lineage.size()};
    if (random_weights) {
      organism.genome = with_random_weights(first, settings.initial_weights, random);
    } else if (i > 0) {
      Mutant mutant = mutate(first, settings.mutation, evolution.ledger, random);
      organism.genome = std::move(mutant.genome);
      birth.operators = mutant.operators;
      birth.mother = evolution.population.front().birth;
    }
    evolution.lineage.push_back(birth);
    evolution.population.push_back(std::move(organism));
  }
  return evolution;
}

GenerationStatistics evaluate(Evolution& evolution, const Settings& settings, const Goal& goal) {
  std::vector<Evaluation> evaluations(evolution.population.size());
  parallel_for(evaluations.size(),
               [&](std::size_t i) { evaluations[i] = goal.evaluate(evolution.population[i].genome); });
  return tell(evolution, settings, std::move(evaluations), goal.score);
}

GenerationStatistics tell(
    Evolution& evolution, const Settings& settings, std::vector<Evaluation> evaluations,
    const std::function<std::vector<double>(std::span<const Organism>, std::span<const Evaluation>)>& score) {
  auto& population = evolution.population;
  if (evaluations.size() != population.size())
    throw ConfigError(std::to_string(evaluations.size()) + " evaluations for a population of " +
                      std::to_string(population.size()));
  for (std::size_t i = 0; i < population.size(); ++i)
    if (evaluations[i].inherited) population[i].genome = *evaluations[i].inherited;
  std::vector<double> scores;
  if (score) scores = score(population, evaluations);
  else std::ranges::transform(evaluations, std::back_inserter(scores), &Evaluation::fitness);
  for (std::size_t i = 0; i < population.size(); ++i)
    if (!std::isfinite(scores.at(i)))
      throw NumericError("generation " + std::to_string(evolution.generation) + ": the fitness of birth " +
                         std::to_string(population[i].birth) + " is " + std::to_string(scores[i]) +
                         "; allowed: finite numbers");
  evolution.evaluations += population.size();
  for (std::size_t i = 0; i < population.size(); ++i) {
    Birth& birth = evolution.lineage[population[i].birth];
    birth.fitness = population[i].fitness = scores[i];
    if (evaluations[i].inherited) birth.operators.insert(Operator::gradient);
  }
  keep_best(evolution, evaluations);
  evolution.species = speciate(population, std::move(evolution.species), evolution.threshold,
                               settings.speciation, evolution.generation, evolution.next_species);
  return describe(evolution);
}

void reproduce(Evolution& evolution, const Settings& settings, std::uint64_t seed) {
  RandomStream random(seed, "reproduction", evolution.generation);
  const auto allowed = choose_species(evolution, settings.selection);
  auto next = reproduce(evolution.population, evolution.species, allowed, settings, evolution.generation + 1,
                        evolution.ledger, evolution.lineage, random);
  // A species is represented by a random member of the generation before (section 3.3).
  for (std::size_t s = 0; s < evolution.species.size(); ++s) {
    Species& species = evolution.species[s];
    const auto chosen = species.members[random.below(static_cast<std::uint32_t>(species.members.size()))];
    species.representative = evolution.population[chosen].genome;
  }
  evolution.threshold =
      controlled_threshold(evolution.threshold, evolution.species.size(), settings.speciation.control);
  evolution.population = std::move(next);
  ++evolution.generation;
}

bool run(Evolution& evolution, const Settings& settings, const Goal& goal, const RunOptions& options,
         const StatisticsListener& statistics, const Checkpoint& checkpoint,
         const ProgressListener& progress) {
  while (true) {
    const GenerationStatistics now = evaluate(evolution, settings, goal);
    if (statistics) statistics(evolution, now);
    const bool wanted = !progress || progress(event(now, options.generations));
    if (evolution.generation + 1 >= options.generations) return true;
    if (evolution.solution && options.stop_when_solved) return true;
    reproduce(evolution, settings, options.seed);
    const bool due = options.checkpoint_every > 0 && evolution.generation % options.checkpoint_every == 0;
    if (checkpoint && (due || !wanted)) checkpoint(evolution);
    if (!wanted) return false;
  }
}

}  // namespace skein::neat
