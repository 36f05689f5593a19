#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace skein::experiments {

/// Where a campaign stands, from what lies in its folder; nothing is loaded or planned, so that it is quick and works on
/// a login node. `rows` and `waiting` (null in folders of versions that did not note how many rows there are), `done`,
/// `failed`, `running`, `core_hours`, `core_hours_estimate` (null where nobody estimated), `hours_left` (null while
/// nothing is known), `at_work` (what is claimed, by whom) and `troubles` (row, times, last cause). Throws FormatError
/// when the folder holds no campaign.
nlohmann::ordered_json campaign_status(const std::filesystem::path& run);

/// The same for a terminal.
std::string status_text(const nlohmann::ordered_json& status);

}  // namespace skein::experiments
