#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "lib/base/error.hpp"

/// Reading JSON that a person may have written: every error names the file and the place in it. Include only in .cpp
/// files.
namespace skein {

/// A value with the way to it ("links[3].weight"), which every complaint names.
class JsonPlace {
 public:
  JsonPlace(const nlohmann::json& value, std::string file, std::string path = {})
      : value_(&value), file_(std::move(file)), path_(std::move(path)) {}

  [[noreturn]] void refuse(const std::string& wanted) const {
    throw FormatError(file_ + ": " + (path_.empty() ? "the file" : path_) + " must be " + wanted);
  }
  bool has(const char* key) const { return value_->is_object() && value_->contains(key); }
  /// A member of an object. Throws FormatError when there is none of that name.
  JsonPlace at(const char* key) const {
    if (!value_->is_object()) refuse("an object");
    const std::string path = (path_.empty() ? "" : path_ + ".") + key;
    const auto found = value_->find(key);
    if (found == value_->end()) throw FormatError(file_ + ": " + path + " is missing");
    return {*found, file_, path};
  }
  std::size_t size() const {
    if (!value_->is_array()) refuse("a list");
    return value_->size();
  }
  JsonPlace at(std::size_t index) const {
    if (index >= size()) refuse("a list of at least " + std::to_string(index + 1) + " entries");
    return {(*value_)[index], file_, path_ + "[" + std::to_string(index) + "]"};
  }
  bool is_text() const { return value_->is_string(); }
  std::string text() const {
    if (!value_->is_string()) refuse("a text");
    return value_->get<std::string>();
  }
  bool truth() const {
    if (!value_->is_boolean()) refuse("true or false");
    return value_->get<bool>();
  }
  double number() const {
    if (!value_->is_number()) refuse("a number");
    const double number = value_->get<double>();
    if (!std::isfinite(number)) refuse("a finite number");
    return number;
  }
  std::int64_t whole(std::int64_t low, std::int64_t high) const {
    const auto allowed = [&] {
      return "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
    };
    if (!value_->is_number_integer()) refuse(allowed());
    if (value_->is_number_unsigned() &&
        value_->get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      refuse(allowed());
    const std::int64_t whole = value_->get<std::int64_t>();
    if (whole < low || whole > high) refuse(allowed());
    return whole;
  }

 private:
  const nlohmann::json* value_;
  std::string file_, path_;
};

/// Throws FormatError naming the file and the byte at which it stops being JSON.
inline nlohmann::json parse_json(std::string_view bytes, const std::string& file) try {
  return nlohmann::json::parse(bytes);
} catch (const nlohmann::json::parse_error& error) {
  throw FormatError(file + ": not JSON from byte " + std::to_string(error.byte) + " on");
} catch (const nlohmann::json::out_of_range&) {
  throw FormatError(file + ": a number of the JSON is too large for double precision");
}

/// Whether a text is a JSON object that says it is of this format; cheap, and no promise that the rest is sound.
inline bool says_format(std::string_view bytes, std::string_view format) {
  const auto first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '{' &&
         bytes.find("\"" + std::string(format) + "\"") != std::string_view::npos;
}

/// Checks "format" and "version". Throws FormatError for another format or a version above `newest`.
inline void check_format(const JsonPlace& file, std::string_view format, std::int64_t newest) {
  if (file.at("format").text() != format) file.at("format").refuse("\"" + std::string(format) + "\"");
  file.at("version").whole(1, newest);
}

/// The object written so that a change of one entry is a change of one line: a member a line, and of its lists of
/// objects or of lists an entry a line.
inline std::string json_lines(const nlohmann::ordered_json& object) {
  std::string out = "{";
  const char* comma = "\n";
  for (const auto& [key, value] : object.items()) {
    out += comma + ("  " + nlohmann::json(key).dump()) + ": ";
    comma = ",\n";
    if (!value.is_array() || value.empty() || !value.front().is_structured()) {
      out += value.dump();
      continue;
    }
    out += "[";
    const char* entry_comma = "\n";
    for (const auto& entry : value) {
      out += entry_comma + ("    " + entry.dump());
      entry_comma = ",\n";
    }
    out += "\n  ]";
  }
  return out + "\n}\n";
}

}  // namespace skein
