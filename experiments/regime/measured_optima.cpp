#include <charconv>
#include <cmath>
#include <sstream>
#include <type_traits>

#include "experiments/regime/depth_predictor.hpp"
#include "experiments/regime/optima_data.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

std::vector<std::string> optima_columns() {
  std::vector<std::string> columns{"target", "own_depth", "depth", "low", "high", "shape", "p"};
  columns.insert(columns.end(), picture_measure_names.begin(), picture_measure_names.end());
  return columns;
}

/// Reads the fields of one line, one after the other.
class OptimumReader {
 public:
  OptimumReader(std::vector<std::string> fields, std::string where)
      : fields_(std::move(fields)), where_(std::move(where)) {
    if (fields_.size() != optima_columns().size())
      throw FormatError(where_ + ": " + std::to_string(fields_.size()) + " fields, " +
                        std::to_string(optima_columns().size()) + " are wanted");
  }

  std::string text() { return fields_[next_++]; }
  bool is_empty() const { return fields_[next_].empty(); }
  template <class Number>
  Number number() {
    const std::string& field = fields_[next_++];
    Number value{};
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc{} || end != field.data() + field.size() || field.empty())
      throw FormatError(where_ + ": '" + field + "' is not such a number");
    if constexpr (std::is_floating_point_v<Number>)
      if (!std::isfinite(value)) throw FormatError(where_ + ": '" + field + "' is not a finite number");
    return value;
  }

 private:
  std::vector<std::string> fields_;
  std::string where_;
  std::size_t next_ = 0;
};

}  // namespace

std::vector<MeasuredOptimum> parse_optima(std::string_view csv, const std::string& file) {
  std::istringstream lines{std::string(csv)};
  std::string line;
  if (!std::getline(lines, line) || csv_fields(line) != optima_columns())
    throw FormatError(file + ": not a table of measured optima");
  std::vector<MeasuredOptimum> optima;
  for (int number = 2; std::getline(lines, line); ++number) {
    OptimumReader reader(csv_fields(line), file + ", line " + std::to_string(number));
    MeasuredOptimum optimum;
    optimum.target = reader.text();
    if (reader.is_empty()) reader.text();
    else optimum.own_depth = reader.number<int>();
    optimum.depth = reader.number<int>();
    optimum.low = reader.number<int>();
    optimum.high = reader.number<int>();
    optimum.shape = reader.text();
    optimum.p = reader.number<double>();
    for (double& measure : optimum.picture) measure = reader.number<double>();
    optima.push_back(std::move(optimum));
  }
  return optima;
}

std::string optima_csv(std::span<const MeasuredOptimum> optima) {
  Table table(optima_columns());
  for (const MeasuredOptimum& optimum : optima) {
    std::vector<std::string> fields{optimum.target,
                                    optimum.own_depth ? std::to_string(*optimum.own_depth) : "",
                                    std::to_string(optimum.depth),
                                    std::to_string(optimum.low),
                                    std::to_string(optimum.high),
                                    optimum.shape,
                                    number_text(optimum.p, 6)};
    for (const double measure : optimum.picture) fields.push_back(number_text(measure, 9));
    table.add(std::move(fields));
  }
  return table.csv();
}

std::span<const MeasuredOptimum> measured_optima() {
  static const std::vector<MeasuredOptimum> optima =
      parse_optima(measured_optima_csv(), "experiments/regime/measured_optima.csv");
  return optima;
}

}  // namespace skein::experiments
