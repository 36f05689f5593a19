#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "experiments/basin/census.hpp"
#include "experiments/landscape/basin_target.hpp"
#include "experiments/practice/agreement.hpp"
#include "experiments/volume/wiring_volume.hpp"

namespace skein::experiments {

/// Theory against practice: over the same widths and depths, the share of wirings that could keep P primitives apart, and
/// what trainings of such wirings come to on pictures of P parts.
struct PracticeSettings {
  RandomWiring law;  ///< `sources` primitives; of the trained wirings the picture's inputs take their place
  int levels = 0;    ///< of the theory: computing units on the way to a pure unit, at least
  std::vector<int> widths, depths;
  std::uint64_t samples = 20'000;  ///< wirings of the theory, a cell
  std::int64_t starts = 10;        ///< trainings of each cell and target; each draws its own wiring
  FitSettings fit;
  double bar_share = 0.2;  ///< a start arrives at this part of the plain colour's loss
  double factored = 1.5;   ///< and is factored when a step touches at most so many parts (median)
  std::uint64_t seed = 0;

  /// Throws ConfigError: a cell that cannot be drawn, fewer units than the picture has inputs, starts below 1, a bar or
  /// threshold that means nothing.
  void validate() const;
  /// The law of a cell, for the primitives and for the picture's inputs.
  RandomWiring theory_at(int width, int depth) const;
  RandomWiring practice_at(int width, int depth) const;
};

struct PracticeFindings {
  std::vector<PracticeCell> cells;  ///< widths, and of each the depths
  std::vector<Agreement> agreement;
};

/// Trains every start that the book does not know, one a thread; arrivals are fitted again, to the same bits, and measured.
/// Same settings, same numbers. Nothing when the listener asked to stop. Targets must have their parts. Throws ConfigError as
/// `validate`.
std::optional<PracticeFindings> practise(const std::vector<BasinTarget>& targets,
                                         const PracticeSettings& settings, StartBook& book,
                                         const ProgressListener& listener);

}  // namespace skein::experiments
