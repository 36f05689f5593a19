#pragma once

#include <cstdint>

#include "lib/picture/picture.hpp"
#include "neat/search/hybrid.hpp"

namespace skein::bridge {

struct GradientFit {
  std::int64_t steps = 10;      ///< each draws the picture once, forward and backward
  double learning_rate = 0.03;  ///< of Adam on the normalised gradient
};

/// Fits a genome's enabled links to a picture, at the picture's size. The weights of the least loss met are
/// kept; where the loss stops being finite the genome stays as it was.
neat::Fit fit_to_picture(Picture target, const GradientFit& settings);

}  // namespace skein::bridge
