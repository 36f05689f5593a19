#include "experiments/structure_judge.hpp"

#include <algorithm>
#include <cmath>

namespace skein::experiments {

// Fitted by calibrate_structure_judge(0).
const JudgeCalibration structure_calibration{
    .intercept = 2.41055,
    .slope = {-3.56464, 1.36536, -0.577428, 0.173806, -0.288101, -1.52852, -0.0386791, -1.5036, -1.24827},
    .low = {-0.234888, -0.39941, -0.528234, -0.367725, -0.698009, 0.10391, 0.0505082, 0.0357226, 0.0964355},
    .high = {0.641205, 0.448662, 0.66237, 1.25276, 1.35645, 0.99859, 1, 0.700675, 0.85022},
};

double judged_whole(const JudgeCalibration& calibration, const Traits& traits) {
  double sum = calibration.intercept;
  for (std::size_t t = 0; t < traits.size(); ++t)
    sum += calibration.slope[t] * std::clamp(traits[t], calibration.low[t], calibration.high[t]);
  return 1 / (1 + std::exp(-sum));
}

double structure_judge(const Traits& traits) { return judged_whole(structure_calibration, traits); }

}  // namespace skein::experiments
