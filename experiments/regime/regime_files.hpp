#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "experiments/drawing/drawing.hpp"
#include "experiments/regime/regime_analysis.hpp"
#include "experiments/regime/regime_request.hpp"

namespace skein::experiments {

/// What `skein regime` leaves in its folder beside what a campaign does:
///
///     RUN/regime.csv         one line per cell and number: n, mean, interval, how many were blank, diverged, ...
///     RUN/shapes.csv         one line per target, connection and judged number: shape, place, interval, p
///     RUN/connectivity.csv   one line per target, connection, control, judged number and depth (or all): effect, p
///     RUN/regime_all.csv, shapes_all.csv   cells and shapes of all targets together, where there are several
///     RUN/overall.csv        one line per connection, control and judged number: the effects of all targets together
///     RUN/optima.csv         one line per target: where it is most factored, and what its picture measures
///     RUN/regime.json        the finding
///     RUN/figures/regime_TARGET.png, .svg, .pdf   heat maps, depth by connection; regime_all_targets of several

/// {"targets": [{"name", "depth", "shape", "peak": {"offset", "low", "high", "p", ...}, "connectivity": {"effect", "low",
/// "high", "p", ...}, "rows", ...}], ...}. Offsets are null where a picture has no depth of its own.
nlohmann::ordered_json regime_json(std::span<const RegimeFinding> findings, const RegimeSettings& settings);

/// A few lines for people.
std::string regime_text(std::span<const RegimeFinding> findings, const RegimeSettings& settings);

/// Depths across, connections down, one panel for each judged number: the mean over seeds as a shade, and as a number
/// with what is missing below; the genome's own depth is framed.
Drawing regime_figure(const RegimeFinding& finding);
/// The same of `over_targets`.
Drawing regime_figure_of_all(const RegimeFinding& all);

/// Writes all of them.
void write_regime(const std::filesystem::path& run, std::span<const RegimeFinding> findings,
                  const RegimeSettings& settings);

}  // namespace skein::experiments
