#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/landscape/basin_target.hpp"

namespace skein::experiments {

/// The parts of a target that are counted, what lies outside of all of them not among them; 0 where none are known.
int part_count(const BasinTarget& target);

/// The seeds of the first `count` of `random_sketch`'s pictures that have exactly so many parts. Throws ConfigError when
/// the first two hundred do not hold enough.
std::vector<std::uint64_t> sketches_of(int parts, int count);

/// These sketches, drawn at `size` pixels. Their genomes are written to `folder` as sketch-SEED.genome.
std::vector<BasinTarget> sketch_targets(const std::vector<std::uint64_t>& sketches, int size,
                                        const std::filesystem::path& folder);

/// Loads these TARGET arguments. Throws as `load_basin_target`, and ConfigError for one that has another number of parts.
std::vector<BasinTarget> labelled_targets(const std::vector<std::string>& arguments, int parts, int size);

}  // namespace skein::experiments
