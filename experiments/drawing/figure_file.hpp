#pragma once

#include <filesystem>
#include <string>

#include "experiments/drawing/drawing.hpp"

namespace skein::experiments {

/// The drawing as pixels, `scale` of them per unit. Throws ConfigError when that is above 16384 a side or the size is
/// not positive (so do the two below, at scale 1).
Image rasterise(const Drawing& drawing, double scale = 1);

struct SvgOptions {
  /// Ink becomes `currentColor` and no white ground is painted, so that the figure follows the page it stands in; its
  /// ids begin with a hash of its content, so that figures of one page don't share any.
  bool follow_page = false;
  std::string label = {};  ///< what the figure shows, for those who cannot see it
};

/// A complete <svg> element whose letters are outlines; titles of marks show when pointed at. One that does not follow
/// a page carries its namespaces, so it is also a file.
std::string to_svg(const Drawing& drawing, const SvgOptions& options = {});

/// A PDF of one page, three quarters of a point per unit (a pixel of 96 to the inch), without a date; text can be
/// searched, its font is embedded.
std::string to_pdf(const Drawing& drawing);

enum class FigureFormat { png, svg, pdf };

/// What the name promises: .svg, .pdf, or a PNG under any other name.
FigureFormat figure_format(const std::filesystem::path& file);

/// Writes the file whole or not at all; the same drawing gives the same bytes. Throws FormatError when it cannot be
/// written, ConfigError as above.
void write_figure(const std::filesystem::path& file, const Drawing& drawing, FigureFormat format);
inline void write_figure(const std::filesystem::path& file, const Drawing& drawing) {
  write_figure(file, drawing, figure_format(file));
}

}  // namespace skein::experiments
