#pragma once

#include <filesystem>
#include <span>

#include "lib/base/progress.hpp"
#include "lib/engine/engine.hpp"

namespace skein {

/// Draws a network straight into a PNG file (RGB, 8 bits), band by band, so that memory does not grow with
/// the height: about 16 MiB for any grid up to 16,384 x 16,384. The file appears whole or not at all. Reports
/// stage "render" in rows; a listener that returns false ends the work and leaves no file. Returns whether
/// the file was written. Throws ConfigError for grids beyond that limit and as `draw` does, FormatError when
/// the file cannot be written.
bool stream_render(const Plan& plan, std::span<const float> weights, const Grid& grid,
                   const std::filesystem::path& file, const ProgressListener& listener = {});

}  // namespace skein
