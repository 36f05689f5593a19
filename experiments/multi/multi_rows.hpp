#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/multi/multi_run.hpp"

namespace skein::experiments {

/// A row as a line of metrics.jsonl, and back: nothing where it is not one of that key for so many pictures.
nlohmann::ordered_json to_json(const MultiRow& row);
std::optional<MultiRow> multi_row_of(const nlohmann::ordered_json& json, const MultiKey& key,
                                     std::size_t pictures);

}  // namespace skein::experiments
