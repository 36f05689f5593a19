#pragma once

#include <cstdint>
#include <vector>

#include "experiments/structure_judge.hpp"
#include "experiments/subject.hpp"

namespace skein::experiments {

/// A network whose factors are known, or one made fractured on purpose that draws the same picture.
struct CalibrationNetwork {
  Subject subject;
  int picture = 0;    ///< which hand-built picture; none is both fitted on and tested
  bool whole = true;  ///< false: a fractured twin
};

/// The hand-built pictures with their twins: units split, cancelling pairs, layers rotated.
std::vector<CalibrationNetwork> calibration_networks(std::uint64_t seed);

/// A fit and how it does on pictures it has not seen.
struct CalibrationResult {
  JudgeCalibration calibration;
  std::size_t steps = 0;  ///< changed pictures in all
  double accuracy = 0;    ///< leaving one picture out, both classes weighted alike
  double area = 0;        ///< area under the curve, leaving one picture out
};

/// Takes the traits of every network's steps at matched visible change and fits the logistic judge, ridge
/// on the standardised traits, both classes and all pictures weighted alike. Only traits that can speak of
/// debris take part.
CalibrationResult calibrate_structure_judge(std::uint64_t seed = 0);

}  // namespace skein::experiments
