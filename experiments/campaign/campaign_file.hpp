#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/rows/compare_plan.hpp"

namespace skein::experiments {

/// A grid of rows as a campaign file asks for it.
struct CampaignRequest {
  std::vector<std::string> targets;  ///< TARGET arguments, patterns of file names replaced by what they match
  CompareSettings settings;          ///< options that are axes stand in its `variants`
  /// What a run is told by: options with one value, which may not change, and axes, to which values may be added.
  nlohmann::ordered_json fixed = nlohmann::ordered_json::object(), axes = nlohmann::ordered_json::object();
};

/// Reads the table [campaign] of a TOML file: `targets`, `methods`, `keep`, `depth-offsets`, `seeds` (a count or a
/// list), `budget`, any option of rows (`row_option_table`; a list makes it an axis) and `exclude` (a list of tables).
/// `first_seed` is that of a count of seeds. Throws FormatError for a file that is no TOML, ConfigError for a key that is
/// not known, an axis without values, a target pattern that matches nothing.
CampaignRequest read_campaign(const std::filesystem::path& file, std::uint64_t first_seed);

}  // namespace skein::experiments
