#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/progress.hpp"
#include "neat/search/evolution.hpp"
#include "neat/search/novelty.hpp"

namespace skein::neat {

/// One dimension of the map: component `component` of the behaviour, cut into `bins` equal parts of
/// [low, high]; what lies outside belongs to the outermost.
struct MapAxis {
  std::string name;
  std::size_t component = 0;
  double low = 0;
  double high = 1;
  int bins = 10;
  bool operator==(const MapAxis&) const = default;
};

struct MapElitesSettings {
  std::vector<MapAxis> axes;
  Settings variation{};  ///< mutation and crossover of children; its population and species play no part
  int batch = 256;       ///< children made, evaluated together and then placed; results depend on it
  int first = 1024;      ///< genomes made from the start alone before elites have children
  std::uint64_t evaluations = 200'000;
};

/// Throws ConfigError with name, value and range: no axis, bins outside 1..1000, more than 10^6 cells in all,
/// an empty interval, a batch or first number outside 1..10^6, no evaluations, or what `variation` must not
/// be.
void validate(const MapElitesSettings& settings);

std::size_t cell_count(std::span<const MapAxis> axes);

/// The bin on each axis.
std::vector<int> bins_of(std::span<const MapAxis> axes, std::size_t cell);

/// The cell of a behaviour; nothing when it is too short or not finite.
std::optional<std::size_t> cell_of(std::span<const MapAxis> axes, const Behaviour& behaviour);

/// The best found for one cell.
struct Elite {
  Organism organism;  ///< fitness: its quality
  Behaviour behaviour;
  std::uint64_t found = 0;  ///< number of the evaluation, from 1
  bool operator==(const Elite&) const = default;
};

struct MapStatistics {
  std::uint64_t evaluations = 0;
  std::size_t filled = 0;  ///< cells with an elite
  double quality = 0;      ///< sum of the elites' qualities (the QD score)
  double best = 0;
  bool operator==(const MapStatistics&) const = default;
};

/// MAP-Elites (Mouret and Clune 2015) at rest between two batches: all there is to continue it.
struct MapElites {
  std::map<std::size_t, Elite> elites;  ///< by cell
  Ledger ledger;
  Lineage lineage;
  std::uint32_t batches = 0;
  std::uint64_t evaluations = 0;
  std::vector<MapStatistics> history;  ///< one per batch
  bool operator==(const MapElites&) const = default;
};

/// One batch: while fewer than `first` were evaluated, variations of `start` (with random weights when
/// `random_weights`); then children of elites drawn uniformly from the filled cells. Children are made
/// serially, evaluated in parallel and placed in their order, one that is better than the elite of its cell
/// taking its place (`fitness` is the quality, `behaviour` the point on the map; empty: not placed). Same arguments, same
/// result, on any number of threads.
void step(MapElites& map, const MapElitesSettings& settings, const Genome& start, bool random_weights,
          const Evaluator& evaluate, std::uint64_t seed);

/// Ask and tell, for callers who evaluate elsewhere: `ask` makes the children of one batch, serially (`start` as
/// `as_start` gives it); `tell` takes them back with one evaluation each and places them in their order. The
/// same evaluations, the same map as by `step`, bit for bit. `tell` throws ConfigError for another number of
/// evaluations and for children that this map did not make; nothing is placed then.
std::vector<Organism> ask(MapElites& map, const MapElitesSettings& settings, const Genome& start,
                          bool random_weights, std::uint64_t seed);
void tell(MapElites& map, const MapElitesSettings& settings, std::vector<Organism> children,
          std::vector<Evaluation> evaluations);

struct MapRun {
  Genome start;
  bool random_weights = true;
  std::uint64_t seed = 0;
  std::uint32_t checkpoint_every = 0;  ///< batches; 0: only when asked to stop
};

/// Steps until the evaluations are used up or `progress` asks to stop, which is checkpointed. Returns whether
/// it came to its end.
bool run(MapElites& map, const MapElitesSettings& settings, const MapRun& options, const Evaluator& evaluate,
         const std::function<void(const MapElites&)>& checkpoint = {}, const ProgressListener& progress = {});

}  // namespace skein::neat
