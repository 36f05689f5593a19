#include "experiments/changes/structure_judge.hpp"

#include <algorithm>
#include <cmath>

namespace skein::experiments {

// Fitted by calibrate_structure_judge(0).
const JudgeCalibration structure_calibration{
    .intercept = -0.814246,
    .slope = {-0.382762, -0.508197, -0.358416},
    .low = {-2.12144, -1.43012, -1.53002},
    .high = {-0.0193848, 1.08646, 0.138833},
};

double judged_whole(const JudgeCalibration& calibration, const ChangeTraits& traits) {
  double sum = calibration.intercept;
  for (std::size_t t = 0; t < traits.size(); ++t)
    sum += calibration.slope[t] * std::clamp(traits[t], calibration.low[t], calibration.high[t]);
  return 1 / (1 + std::exp(-sum));
}

double structure_judge(const ChangeTraits& traits) { return judged_whole(structure_calibration, traits); }

}  // namespace skein::experiments
