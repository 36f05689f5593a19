#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "experiments/regime/regime_analysis.hpp"
#include "experiments/regime/regime_request.hpp"
#include "experiments/runs/session.hpp"

namespace skein::experiments {

/// What is done with the rows of a regime.
struct RegimeWork {
  bool make = true;    ///< else the rows that are there are looked at, and none is made
  bool mixed = false;  ///< rows of another version, build or instruction set may be in the folder
};

/// Makes what is missing of the rows, as `skein campaign` does, and looks at all that are finished; the folder then holds
/// what regime_files.hpp lists. Throws ConfigError for settings that cannot be and a folder that holds something else,
/// Interrupted when stopped (the same call goes on), FormatError when rows cannot be made for reasons outside them.
std::vector<RegimeFinding> run_regime(const RegimeSettings& settings, const std::filesystem::path& run,
                                      const RegimeWork& work, const Session& session);

}  // namespace skein::experiments
