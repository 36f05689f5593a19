#include "neat/search/map_elites.hpp"

#include <algorithm>
#include <cmath>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "neat/operators/mutation.hpp"
#include "neat/operators/start.hpp"
#include "neat/search/reproduction.hpp"

namespace skein::neat {

namespace {

constexpr double most_cells = 1e6;

void expect(bool good, const std::string& what, const std::string& found, const char* allowed) {
  if (!good) throw ConfigError("map-elites: " + what + " is " + found + "; allowed: " + allowed);
}

Organism from_start(MapElites& map, const MapElitesSettings& settings, const Genome& start,
                    bool random_weights, RandomStream& random) {
  Organism organism{.genome = random_weights
                                  ? with_random_weights(start, settings.variation.initial_weights, random)
                                  : start,
                    .birth = map.lineage.size()};
  Mutant mutant = mutate(organism.genome, settings.variation.mutation, map.ledger, random);
  organism.genome = std::move(mutant.genome);
  map.lineage.push_back({.generation = map.batches, .operators = mutant.operators});
  return organism;
}

/// Elites with equal chances; `cells` are those that are filled.
Organism child_of_elites(MapElites& map, const MapElitesSettings& settings,
                         std::span<const Elite* const> elites, RandomStream& random) {
  const auto draw = [&] { return elites[random.below(static_cast<std::uint32_t>(elites.size()))]; };
  const Elite* mother = draw();
  const Elite* father = random.chance(settings.variation.crossover.rate) ? draw() : mother;
  return make_child(mother->organism, father == mother ? nullptr : &father->organism, false,
                    settings.variation, map.batches, map.ledger, map.lineage, random);
}

void place(MapElites& map, const MapElitesSettings& settings, Organism&& organism, Evaluation&& evaluation) {
  ++map.evaluations;
  organism.fitness = evaluation.fitness;
  map.lineage[organism.birth].fitness = std::isfinite(evaluation.fitness) ? evaluation.fitness : 0;
  const auto cell = cell_of(settings.axes, evaluation.behaviour);
  if (!cell || !std::isfinite(evaluation.fitness)) return;
  if (evaluation.inherited) {
    organism.genome = std::move(*evaluation.inherited);
    map.lineage[organism.birth].operators.insert(Operator::gradient);
  }
  const auto found = map.elites.find(*cell);
  if (found != map.elites.end() && !(organism.fitness > found->second.organism.fitness)) return;
  map.elites.insert_or_assign(*cell,
                              Elite{std::move(organism), std::move(evaluation.behaviour), map.evaluations});
}

MapStatistics describe(const MapElites& map) {
  MapStatistics statistics{.evaluations = map.evaluations, .filled = map.elites.size()};
  for (const auto& [cell, elite] : map.elites) {
    statistics.quality += elite.organism.fitness;
    statistics.best = std::max(statistics.best, elite.organism.fitness);
  }
  return statistics;
}

}  // namespace

void validate(const MapElitesSettings& settings) {
  expect(!settings.axes.empty(), "the number of axes", "0", "at least 1");
  double cells = 1;
  for (const MapAxis& axis : settings.axes) {
    expect(axis.bins >= 1 && axis.bins <= 1000, "bins of " + axis.name, std::to_string(axis.bins),
           "1 to 1000");
    expect(std::isfinite(axis.low) && std::isfinite(axis.high) && axis.low < axis.high,
           "the interval of " + axis.name,
           "[" + std::to_string(axis.low) + ", " + std::to_string(axis.high) + "]", "finite, low below high");
    cells *= axis.bins;
  }
  expect(cells <= most_cells, "the number of cells", std::to_string(cells), "at most 1000000");
  expect(settings.batch >= 1 && settings.batch <= 1'000'000, "batch", std::to_string(settings.batch),
         "1 to 1000000");
  expect(settings.first >= 1 && settings.first <= 1'000'000, "first", std::to_string(settings.first),
         "1 to 1000000");
  expect(settings.evaluations >= 1, "evaluations", "0", "at least 1");
  validate(settings.variation);
}

std::size_t cell_count(std::span<const MapAxis> axes) {
  std::size_t count = 1;
  for (const MapAxis& axis : axes) count *= static_cast<std::size_t>(axis.bins);
  return count;
}

std::vector<int> bins_of(std::span<const MapAxis> axes, std::size_t cell) {
  std::vector<int> bins(axes.size());
  for (std::size_t a = axes.size(); a-- > 0;) {
    const auto count = static_cast<std::size_t>(axes[a].bins);
    bins[a] = static_cast<int>(cell % count);
    cell /= count;
  }
  return bins;
}

std::optional<std::size_t> cell_of(std::span<const MapAxis> axes, const Behaviour& behaviour) {
  std::size_t cell = 0;
  for (const MapAxis& axis : axes) {
    if (axis.component >= behaviour.size() || !std::isfinite(behaviour[axis.component])) return std::nullopt;
    const double share = (behaviour[axis.component] - axis.low) / (axis.high - axis.low);
    const double bin = std::clamp(std::floor(share * axis.bins), 0.0, axis.bins - 1.0);
    cell = cell * static_cast<std::size_t>(axis.bins) + static_cast<std::size_t>(bin);
  }
  return cell;
}

std::vector<Organism> ask(MapElites& map, const MapElitesSettings& settings, const Genome& start,
                          bool random_weights, std::uint64_t seed) {
  RandomStream random(seed, "map-elites", map.batches);
  if (map.batches == 0) map.ledger.adopt(start);
  std::vector<const Elite*> elites;
  for (const auto& [cell, elite] : map.elites) elites.push_back(&elite);
  const auto left = settings.evaluations - std::min(settings.evaluations, map.evaluations);
  std::vector<Organism> children(std::min(left, static_cast<std::uint64_t>(settings.batch)));
  for (std::size_t i = 0; i < children.size(); ++i) {
    const bool begin = map.evaluations + i < static_cast<std::uint64_t>(settings.first) || elites.empty();
    children[i] = begin ? from_start(map, settings, start, random_weights, random)
                        : child_of_elites(map, settings, elites, random);
  }
  return children;
}

void tell(MapElites& map, const MapElitesSettings& settings, std::vector<Organism> children,
          std::vector<Evaluation> evaluations) {
  if (evaluations.size() != children.size())
    throw ConfigError(std::to_string(evaluations.size()) + " evaluations for " +
                      std::to_string(children.size()) + " children");
  for (const Organism& child : children)
    if (child.birth >= map.lineage.size())
      throw ConfigError("birth " + std::to_string(child.birth) + " is none of this map's " +
                        std::to_string(map.lineage.size()));
  for (std::size_t i = 0; i < children.size(); ++i)
    place(map, settings, std::move(children[i]), std::move(evaluations[i]));
  ++map.batches;
  map.history.push_back(describe(map));
}

void step(MapElites& map, const MapElitesSettings& settings, const Genome& start, bool random_weights,
          const Evaluator& evaluate, std::uint64_t seed) {
  std::vector<Organism> children = ask(map, settings, start, random_weights, seed);
  std::vector<Evaluation> evaluations(children.size());
  parallel_for(children.size(), [&](std::size_t i) { evaluations[i] = evaluate(children[i].genome); });
  tell(map, settings, std::move(children), std::move(evaluations));
}

bool run(MapElites& map, const MapElitesSettings& settings, const MapRun& options, const Evaluator& evaluate,
         const std::function<void(const MapElites&)>& checkpoint, const ProgressListener& progress) {
  validate(settings);
  const Genome start = as_start(options.start);
  while (map.evaluations < settings.evaluations) {
    step(map, settings, start, options.random_weights, evaluate, options.seed);
    const MapStatistics& now = map.history.back();
    const bool wanted =
        !progress || progress({"map-elites",
                               static_cast<std::int64_t>(map.evaluations),
                               static_cast<std::int64_t>(settings.evaluations),
                               {{"filled", static_cast<double>(now.filled)}, {"quality", now.quality}}});
    const bool due = options.checkpoint_every > 0 && map.batches % options.checkpoint_every == 0;
    if (checkpoint && (due || !wanted)) checkpoint(map);
    if (!wanted) return map.evaluations >= settings.evaluations;
  }
  return true;
}

}  // namespace skein::neat
