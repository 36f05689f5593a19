#pragma once

#include "experiments/bench/bench_cases.hpp"

namespace skein::experiments {

struct EvolutionTiming {
  Timing timing;          ///< of the whole work, milliseconds
  double items = 0;       ///< generations or genomes in it
  double mean_links = 0;  ///< links in use of a genome
};

/// XOR as `skein evolve --goal task:xor` runs it, population 150, seeds 0 to 19 until solved, on one thread.
EvolutionTiming time_xor_generations(int rounds);

/// Mutants of an evolved target of some 30 links, each drawn at 64 x 64 and described, on all threads.
EvolutionTiming time_image_search(int rounds);

}  // namespace skein::experiments
