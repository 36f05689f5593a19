#pragma once

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace skein::experiments {

/// JSON has no number that is not finite: null.
inline nlohmann::ordered_json finite_or_null(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

/// The number back: not a number of null. Throws as JSON does of anything else.
inline double number_or_nan(const nlohmann::ordered_json& value) {
  return value.is_null() ? std::nan("") : value.get<double>();
}

/// Parses a JSON file, at most 64 MiB and 64 levels deep. Throws FormatError.
nlohmann::ordered_json read_json(const std::filesystem::path& file);
/// The same of a text that errors call `name`.
nlohmann::ordered_json json_of_text(std::string_view bytes, const std::string& name);

/// The value as text, on one line or indented. Never throws over what it says: bytes that are not UTF-8 (a file's
/// name may hold them) become U+FFFD.
std::string json_text(const nlohmann::ordered_json& value, int indent = -1);

}  // namespace skein::experiments
