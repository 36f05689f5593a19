#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/drawing/drawing.hpp"

namespace skein::experiments {

/// Finished runs of `skein basin`, put together. Each table is the runs' own, one below the other, with the name of the
/// run's folder in front; a run without a table adds no lines to it.
struct GatheredRuns {
  std::string census, arrivals, half_way, mechanisms, minibatches;   ///< CSV; empty: no run has any
  std::vector<std::pair<std::string, nlohmann::ordered_json>> runs;  ///< folder's name, basin.json
  double core_hours = 0;                                             ///< of all fits
};

/// Throws ConfigError for a folder that holds no finished run of `basin` and for two of one name, FormatError for tables
/// that another version wrote (their columns differ) and for files that cannot be read.
GatheredRuns gather_runs(const std::vector<std::filesystem::path>& folders);

/// Left, the share of starts that arrive with its interval, a line a run and wiring; right, the noise from which half of
/// the copies return (all weights), a line a run and network.
Drawing gathered_figure(const GatheredRuns& gathered);

}  // namespace skein::experiments
