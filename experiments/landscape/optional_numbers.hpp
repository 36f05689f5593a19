#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "experiments/records/json_file.hpp"
#include "experiments/statistics/table.hpp"

namespace skein::experiments {

/// A number that may be missing, in a table: an empty field then.
inline std::string optional_text(const std::optional<double>& value) {
  return value ? number_text(*value) : std::string();
}

/// Likewise in JSON: null then, and where it is not finite.
inline nlohmann::ordered_json optional_json(const std::optional<double>& value) {
  return value ? finite_or_null(*value) : nlohmann::ordered_json();
}

}  // namespace skein::experiments
