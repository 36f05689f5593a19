#pragma once

#include <array>

#include "experiments/changes/change_traits.hpp"

namespace skein::experiments {

/// The offline judge: the chance, in [0, 1], that a changed picture is still a whole picture of the same kind
/// rather than the old one with debris on it. A logistic function of how the change sits in the picture,
/// fitted to networks whose factors are known by construction (whole) and their fractured twins (debris) at
/// matched visible change; see MEASURES.md. One half: it cannot tell.
double structure_judge(const ChangeTraits& traits);

/// The judge's numbers: chance = 1 / (1 + exp(-(intercept + sum of slope[t] * clamp(trait[t])))).
struct JudgeCalibration {
  double intercept = 0;
  std::array<double, trait_count> slope{};
  std::array<double, trait_count> low{};  ///< traits are clamped to what calibration saw
  std::array<double, trait_count> high{};
};

/// As fitted by `calibrate_structure_judge` and shipped.
extern const JudgeCalibration structure_calibration;

double judged_whole(const JudgeCalibration& calibration, const ChangeTraits& traits);

}  // namespace skein::experiments
