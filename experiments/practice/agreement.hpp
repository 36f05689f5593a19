#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/basin/census.hpp"
#include "experiments/statistics/proportion.hpp"

namespace skein::experiments {

/// One training.
struct PracticeStart {
  std::string target;
  StartResult result;
  bool arrived = false;
  std::optional<double> participation;  ///< of those that arrived: `participation_of`, 64 weights
  bool factored(double most) const { return arrived && participation && *participation <= most; }
};

struct PracticeCell {
  int width = 0, depth = 0;
  Share theory;  ///< compositional wirings
  std::vector<PracticeStart> starts;
  Share arrived, factored;                     ///< among the starts, 95 %
  std::optional<double> median_participation;  ///< of the arrivals
};

/// Spearman's rank correlation over the cells between the theory's share and one thing that practice says. The interval
/// holds 95 % of 2,000 resamples, each of which draws every cell's starts again.
struct Agreement {
  std::string practice;  ///< "arrived", "factored", "participation" (its negative: less is more factored)
  std::optional<double> correlation, low, high;  ///< nothing where it does not vary
  std::size_t cells = 0;                         ///< that have the number
};

/// The median over those that were measured; nothing without any.
std::optional<double> median_participation(const std::vector<PracticeStart>& starts);

/// How theory and practice agree over these cells.
std::vector<Agreement> agreement_of(const std::vector<PracticeCell>& cells, double factored,
                                    std::uint64_t seed);

}  // namespace skein::experiments
