#include "experiments/judges/detector_judge.hpp"

namespace skein::experiments {

const LogisticFit& detector_calibration() {
  // Fitted by calibrate_judges(0): `skein judges --sketches 24`.
  static const LogisticFit fit{
      .intercept = 1.21089,
      .slope = {-0.257873, -0.0787203, -0.70326},
      .low = {-0.829723, -1.43548, 0.693147},
      .high = {0.784439, 1.19486, 3.13549},
  };
  return fit;
}

}  // namespace skein::experiments
