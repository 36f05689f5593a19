#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/compare/results.hpp"

namespace skein::experiments {

/// How many weights the circuits of a method's networks have, over those of dense ones at the same loss: after Gao et al.
/// 2025, who compare geometric means over tasks at matched loss; pairs and intervals are ours.
struct CircuitRatio {
  RowKey key;       ///< without target, count and seed
  double keep = 1;  ///< weights that were to be left, of the dense network's, to a hundredth; 1: not cut
  std::size_t targets = 0;  ///< that have a pair
  std::size_t pairs = 0;    ///< of a row and the dense row of its target, seed, depth and options
  std::size_t unmatched =
      0;             ///< pairs left out, as the row's loss is more than a quarter above the dense one's
  double parts = 0;  ///< mean number of parts that both rows of a pair reach
  double ratio = 0, low = 0, high = 0;  ///< median over targets, 95 % of 2,000 resamples of the targets
  double least = 0, greatest = 0;       ///< over the targets
  double loss_ratio = 0;                ///< median over the pairs
};

/// One per method, share of weights left, depth and options, in the order of the rows; dense ones (`dense-adam`) are what is compared
/// with. The ratio of a pair is the geometric mean over the parts that both reach, that of a target the geometric mean over
/// its pairs. A row without a seed (evolved) is paired with every dense one. Rows without circuits count for nothing.
std::vector<CircuitRatio> circuit_ratios(const std::filesystem::path& run, const RowSource& rows);

/// Writes RUN/circuit_ratios.csv where some row has circuits.
void write_circuit_ratios(const std::filesystem::path& run, const RowSource& rows);

}  // namespace skein::experiments
