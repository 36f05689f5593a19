#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "lib/base/error.hpp"

namespace skein::experiments {

/// Reads an object's members with the type asked for, or throws FormatError with the file and the member's name.
struct JsonReader {
  const nlohmann::ordered_json& json;
  const std::string& file;

  const nlohmann::ordered_json& at(const char* key) const {
    if (!json.is_object() || !json.contains(key)) throw FormatError(file + ": '" + key + "' is missing");
    return json.at(key);
  }
  [[noreturn]] void refuse(const char* key, const char* wanted) const {
    throw FormatError(file + ": '" + key + "' must be " + wanted);
  }
  std::string text(const char* key) const {
    if (!at(key).is_string()) refuse(key, "text");
    return at(key).get<std::string>();
  }
  double real(const char* key) const {
    if (at(key).is_null()) return std::numeric_limits<double>::quiet_NaN();
    if (!at(key).is_number()) refuse(key, "a number");
    return at(key).get<double>();
  }
  std::int64_t whole(const char* key) const {
    if (!at(key).is_number_integer()) refuse(key, "a whole number");
    return at(key).get<std::int64_t>();
  }
  template <class Enum, std::size_t N>
  Enum choice(const char* key, const std::array<std::string_view, N>& names) const {
    const auto found = std::ranges::find(names, text(key));
    if (found == names.end()) refuse(key, "one of the known words");
    return static_cast<Enum>(found - names.begin());
  }
};

}  // namespace skein::experiments
