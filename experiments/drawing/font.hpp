#pragma once

#include <string>

using cairo_font_face_t = struct _cairo_font_face;

namespace skein::experiments {

/// DejaVu Sans or its bold face. Both are compiled into the program (from Debian's fonts-dejavu-core), so a figure has
/// the same letters on every machine. Belongs to the program: never destroyed. Any threads.
cairo_font_face_t* font_face(bool bold);

/// Width of a line of text in units of the drawing.
double text_width(const std::string& text, double size, bool bold = false);

}  // namespace skein::experiments
