#include "experiments/statistics/table.hpp"

#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace skein::experiments {

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string csv_line(std::span<const std::string> fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) line += (i > 0 ? "," : "") + csv_field(fields[i]);
  return line + "\n";
}

std::vector<std::string> csv_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

std::string number_text(double value, int digits) {
  if (!std::isfinite(value)) return "";
  char text[48];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

std::string decimal_cell(std::optional<double> value, int width, int decimals) {
  char text[64];
  if (value && std::isfinite(*value)) std::snprintf(text, sizeof text, "%*.*f", width, decimals, *value);
  else std::snprintf(text, sizeof text, "%*s", width, "n/a");
  return text;
}

void Table::add(std::vector<std::string> fields) {
  if (fields.size() != columns_.size())
    throw std::logic_error("a line of " + std::to_string(fields.size()) + " fields in a table of " +
                           std::to_string(columns_.size()) + " columns");
  lines_.push_back(std::move(fields));
}

std::string Table::csv() const {
  std::string text = csv_line(columns_);
  for (const auto& line : lines_) text += csv_line(line);
  return text;
}

}  // namespace skein::experiments
