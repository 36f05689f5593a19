#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "neat/search/evolution.hpp"

namespace skein::neat {

/// A point in the space of behaviours: for pictures their descriptors.
using Behaviour = std::vector<double>;

struct NoveltySettings {
  int neighbours = 15;            ///< k of Lehman and Stanley (2011)
  int added_per_generation = 4;   ///< how many of the most novel enter the archive
  std::size_t capacity = 20'000;  ///< when full, the oldest leave
};

/// Throws ConfigError with the value and the range: neighbours 1..1000, added 0..10000, capacity 1..10^7.
void validate(const NoveltySettings& settings);

/// Mean Euclidean distance of each behaviour to its k nearest neighbours among the archive and the others
/// given (Lehman and Stanley 2011, equation 1); all of them where there are fewer. 0 when it is alone. Throws
/// ConfigError when behaviours differ in length or are not finite.
std::vector<double> novelty(std::span<const Behaviour> behaviours, std::span<const Behaviour> archive,
                            int neighbours);

/// What was once novel in a run.
struct NoveltyArchive {
  std::vector<Organism> organisms;    ///< fitness: the novelty with which it entered
  std::vector<Behaviour> behaviours;  ///< one per organism
  bool operator==(const NoveltyArchive&) const = default;
};

/// The novelty of each organism; then the most novel (of equal ones the first) enter the archive.
std::vector<double> score_novelty(NoveltyArchive& archive, std::span<const Organism> organisms,
                                  std::span<const Behaviour> behaviours, const NoveltySettings& settings);

}  // namespace skein::neat
