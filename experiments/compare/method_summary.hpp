#pragma once

#include <string>

#include "experiments/compare/analysis.hpp"

namespace skein::experiments {

/// One line per method: n, weights, steps and loss, PSNR, participation, cross_participation, score, units alive, depth used and edge F1 with its
/// chance level as medians over seeds, and the least and greatest loss and score. As CSV, with every measure.
std::string method_csv(const Analysis& analysis);

/// The same for a terminal, a screen wide, without the measures that a screen has no room for.
std::string method_text(const Analysis& analysis);

}  // namespace skein::experiments
