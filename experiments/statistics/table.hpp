#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skein::experiments {

/// A CSV field as RFC 4180 has it: quoted where it holds a comma, a quote or an end of line.
std::string csv_field(std::string_view text);

/// Fields joined by commas, with the end of the line.
std::string csv_line(std::span<const std::string> fields);

/// The fields of one line, without its end: what `csv_line` joined, but for fields that hold an end of line. A carriage
/// return is dropped; a quote that is not closed ends with the line.
std::vector<std::string> csv_fields(std::string_view line);

/// A number to that many significant digits; empty when it is not finite.
std::string number_text(double value, int digits = 9);

/// A number to that many decimals, at the right of `width` letters; "n/a" when there is none or it is not finite. For a terminal.
std::string decimal_cell(std::optional<double> value, int width, int decimals = 3);

/// A table under construction, written as CSV: the one place where tables become files.
class Table {
 public:
  explicit Table(std::vector<std::string> columns) : columns_(std::move(columns)) {}

  /// Adds a line of one field for each column. Throws std::logic_error for another number of fields.
  void add(std::vector<std::string> fields);

  const std::vector<std::string>& columns() const { return columns_; }
  const std::vector<std::vector<std::string>>& lines() const { return lines_; }
  /// A head line and one line for each `add`.
  std::string csv() const;

 private:
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> lines_;
};

}  // namespace skein::experiments
