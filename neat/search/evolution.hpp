#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/progress.hpp"
#include "neat/genome/ledger.hpp"
#include "neat/operators/settings.hpp"
#include "neat/search/lineage.hpp"
#include "neat/search/species.hpp"

namespace skein::neat {

/// What is found out about one genome on its own.
struct Evaluation {
  double fitness = 0;
  bool solved = false;
  std::vector<double> behaviour{};    ///< for goals that compare genomes; may be empty
  std::optional<Genome> inherited{};  ///< takes the genome's place: same genes, fitted weights (lamarckian)
};

/// Finds it out. Called from any thread; a function of the genome alone.
using Evaluator = std::function<Evaluation(const Genome&)>;

/// What a run is after.
struct Goal {
  Evaluator evaluate;  ///< called once per organism and generation
  /// Fitness of a whole generation, when it depends on the others (novelty). Called once per generation,
  /// serially; may keep memory, which `save` and `restore` carry through checkpoints. Empty: as evaluated.
  std::function<std::vector<double>(std::span<const Organism>, std::span<const Evaluation>)> score;
  std::function<std::string()> save;
  std::function<void(std::string_view)> restore;
};

/// A run at rest between two generations: all there is to continue it.
struct Evolution {
  std::uint32_t generation = 0;
  std::vector<Organism> population;  ///< of this generation, evaluated or not
  std::vector<Species> species;      ///< of the generation before, until this one is evaluated
  Ledger ledger;
  Lineage lineage;
  std::uint32_t next_species = 0;
  double threshold = 0;              ///< compatibility threshold in force
  std::uint64_t evaluations = 0;     ///< genomes evaluated so far
  std::optional<Organism> best;      ///< the fittest evaluated so far; the first of equals
  std::uint32_t improved = 0;        ///< generation in which `best` was found
  std::uint32_t refocused = 0;       ///< generation in which only the best two species had children
  std::optional<Organism> solution;  ///< the fittest of the first generation with a solution
  bool operator==(const Evolution&) const = default;
};

/// A generation in numbers.
struct GenerationStatistics {
  std::uint32_t generation = 0;
  std::uint64_t evaluations = 0;
  double best_fitness = 0;  ///< of the whole run
  double top_fitness = 0;   ///< of this generation, as are the others
  double mean_fitness = 0;
  double median_fitness = 0;
  std::size_t species = 0;
  double threshold = 0;
  double mean_hidden = 0;  ///< hidden nodes
  double mean_links = 0;   ///< enabled links
  std::size_t innovations = 0;
};

/// The first generation: the start genome and mutated copies of it, or copies with random weights.
/// Throws ConfigError when the settings or the start genome are not valid.
Evolution begin(const Settings& settings, const Genome& start, bool random_weights, std::uint64_t seed);

/// Evaluates the population (in parallel), sorts it into species and keeps the best. The result does not depend
/// on the number of threads. Throws NumericError when a fitness is not finite.
GenerationStatistics evaluate(Evolution& evolution, const Settings& settings, const Goal& goal);

/// Ask and tell, for callers who evaluate elsewhere: `evolution.population` asks, `tell` answers with one
/// evaluation per organism in that order and does the rest of what `evaluate` does (`score` as in Goal, may be
/// empty); then `reproduce` makes the next generation. The same evaluations, the same run, bit for bit. Throws
/// ConfigError for another number of evaluations and NumericError when a fitness is not finite; the population
/// can then be told again.
GenerationStatistics tell(Evolution& evolution, const Settings& settings, std::vector<Evaluation> evaluations,
                          const std::function<std::vector<double>(std::span<const Organism>,
                                                                  std::span<const Evaluation>)>& score = {});

/// Replaces an evaluated population by its children.
void reproduce(Evolution& evolution, const Settings& settings, std::uint64_t seed);

struct RunOptions {
  std::uint64_t seed = 0;
  std::uint32_t generations = 100;  ///< generations evaluated in all, those before a resume included
  bool stop_when_solved = true;
  std::uint32_t checkpoint_every = 0;  ///< generations; 0: only when asked to stop
};

/// Called with the run at rest whenever it could be continued from there.
using Checkpoint = std::function<void(const Evolution&)>;
using StatisticsListener = std::function<void(const Evolution&, const GenerationStatistics&)>;

/// Runs until solved, out of generations or told to stop by `progress`, which is checkpointed. Returns
/// whether it came to its end.
bool run(Evolution& evolution, const Settings& settings, const Goal& goal, const RunOptions& options,
         const StatisticsListener& statistics = {}, const Checkpoint& checkpoint = {},
         const ProgressListener& progress = {});

}  // namespace skein::neat
