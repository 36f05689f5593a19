#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "experiments/judges/logistic_fit.hpp"
#include "experiments/judges/seen_steps.hpp"
#include "experiments/measures/fractured_twins.hpp"
#include "experiments/measures/subject.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// A network whose factors are known, or one made fractured on purpose that draws the same picture.
struct CalibrationNetwork {
  Subject subject;
  int picture = 0;                   ///< which picture; none is both fitted on and tested
  std::optional<Fracture> fracture;  ///< none: the network as it was built, whole
};

/// @face, @flower, @sunset and `sketches` random ones (seeds 1, 2, ...), each with its three twins.
std::vector<CalibrationNetwork> calibration_networks(std::uint64_t twin_seed, int sketches);

/// A fit and how it does on pictures it has not seen.
struct CalibrationResult {
  LogisticFit calibration;
  std::size_t steps = 0;  ///< changed pictures of which the judge has traits
  double area = 0;        ///< area under the curve over single steps, mean of the pictures left out
  /// Per picture left out: area, and balanced accuracy of single steps at a chance of one half.
  std::vector<double> areas, accuracies;
  /// Per fracture: the share of pictures whose twin has the lower mean chance, each picture judged by a fit
  /// without it, and the mean of the differences, twin less original.
  std::array<double, fractures.size()> fell{}, difference{};
};

inline constexpr int calibration_sketches = 24;

/// Takes every network's steps at matched visible change and fits a logistic judge to each judge's traits, ridge on the
/// standardised traits; pictures weigh alike, within a picture whole and fractured, within the fractured the
/// three twins. Throws Error when the listener stops it.
std::array<CalibrationResult, offline_judges.size()> calibrate_judges(std::uint64_t twin_seed = 0,
                                                                      int sketches = calibration_sketches,
                                                                      const ProgressListener& listener = {});

/// The first of them.
CalibrationResult calibrate_structure_judge(std::uint64_t twin_seed = 0, int sketches = calibration_sketches);

}  // namespace skein::experiments
