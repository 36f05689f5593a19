#pragma once

#include <compare>

#include "lib/base/random.hpp"
#include "neat/genome/genome.hpp"
#include "neat/operators/settings.hpp"

namespace skein::neat {

/// How matching weights are combined.
enum class Mating { multipoint, averaging };

/// A child of two genomes in gene order with the same inputs and outputs (Stanley and Miikkulainen 2002,
/// section 3.2): matching genes from either parent at random (or their mean weight), disjoint and excess
/// genes from the fitter one. `fitness` says how `a` compares with `b`; at equal fitness they are inherited
/// as `settings.equal_fitness` says. Of genes mixed from both, one that would close a cycle with those
/// inherited before is left out: it belongs to the parent who comes second, which is drawn at random. Throws
/// ConfigError when the signatures differ.
Genome cross(const Genome& a, const Genome& b, std::strong_ordering fitness, Mating mating,
             const Crossover& settings, RandomStream& random);

}  // namespace skein::neat
