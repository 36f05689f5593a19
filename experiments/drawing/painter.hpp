#pragma once

#include "experiments/drawing/drawing.hpp"

using cairo_t = struct _cairo;

namespace skein::experiments {

/// Paints the marks in order on a context whose units are those of the drawing times `scale`. Where `pixels` is set the
/// surface is made of pixels: pictures are laid on whole ones and the baselines of text between two. Any threads, each
/// on its own context.
void paint_marks(cairo_t* context, const Drawing& drawing, double scale, bool pixels);

}  // namespace skein::experiments
