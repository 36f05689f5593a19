#pragma once

#include <string>

#include "experiments/drawing/drawing.hpp"
#include "experiments/drawing/figure_file.hpp"

namespace skein::experiments {

/// What Cairo wrote of a drawing, made fit for files and pages: ids that are the same on every run, colours of the page
/// where asked for, numbers of at most two decimals, and the titles of marks laid over it as unseen shapes.
std::string finished_svg(const std::string& cairo_text, const Drawing& drawing, const SvgOptions& options);

}  // namespace skein::experiments
