#pragma once

#include <span>
#include <string>

#include "experiments/regime/regime_analysis.hpp"

namespace skein::experiments {

// The tables that `write_regime` leaves, as CSV; regime_files.hpp says what a line of each is.

std::string cells_csv(std::span<const RegimeFinding> findings);
std::string shapes_csv(std::span<const RegimeFinding> findings);
std::string connectivity_csv(std::span<const RegimeFinding> findings);
std::string overall_csv(std::span<const RegimeFinding> findings);

/// Where each target is most factored by what it is judged by, beside its picture's measures: what `predict-depth` learns
/// from. Targets whose place is not known are left out.
std::string optima_csv_of(std::span<const RegimeFinding> findings);

}  // namespace skein::experiments
