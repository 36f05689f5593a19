#include "experiments/compare/method_summary.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "experiments/compare/row_groups.hpp"

namespace skein::experiments {
namespace {

/// The numbers of a method's networks over seeds.
Summary summary_of(const MethodRows& method, const std::string& column) {
  std::vector<double> values;
  for (const CompareRow* row : method.rows) values.push_back(value_of(*row, column));
  return summarise(std::move(values));
}

std::string text_of(double value) {
  if (!std::isfinite(value)) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

/// Right-aligned; a dash for what there is not.
std::string cell(double value, int width, const char* format) {
  char text[48];
  if (std::isfinite(value)) {
    char number[32];
    std::snprintf(number, sizeof number, format, value);
    std::snprintf(text, sizeof text, " %*s", width, number);
  } else {
    std::snprintf(text, sizeof text, " %*s", width, "-");
  }
  return text;
}

}  // namespace

std::string method_csv(const CompareResults& results) {
  std::vector<std::string> columns{"weights", "loss", "best_loss", "psnr"};
  for (const std::string& measure : measure_names(results)) columns.push_back(measure);
  std::string csv = "name,n,asked,steps";
  for (const std::string& column : columns)
    csv += "," + column + "," + column + "_least," + column + "_greatest";
  csv += "\n";
  for (const MethodRows& method : methods_of(results)) {
    const CompareRow& row = method.shown ? *method.shown : *method.rows[0];
    csv += method.name + "," + std::to_string(summary_of(method, "weights").count) + "," +
           std::to_string(row.asked) + "," + std::to_string(row.steps);
    for (const std::string& column : columns) {
      const Summary s = summary_of(method, column);
      csv += "," + text_of(s.median) + "," + text_of(s.low) + "," + text_of(s.high);
    }
    csv += "\n";
  }
  return csv;
}

std::string method_text(const CompareResults& results) {
  char line[160];
  std::snprintf(line, sizeof line, "%-24s %2s %7s %6s %9s %21s %6s %5s %5s %7s %7s\n", "method", "n",
                "weights", "steps", "loss", "least to greatest", "score", "units", "depth", "edge F1",
                "chance");
  std::string text = line;
  for (const MethodRows& method : methods_of(results)) {
    const auto median = [&](const char* column) { return summary_of(method, column).median; };
    const Summary weights = summary_of(method, "weights"), loss = summary_of(method, "loss");
    char range[48] = "";
    if (loss.count > 1) std::snprintf(range, sizeof range, "%.3g to %.3g", loss.low, loss.high);
    const CompareRow& row = method.shown ? *method.shown : *method.rows[0];
    std::snprintf(line, sizeof line, "%-24s %2zu", method.name.c_str(), weights.count);
    text += line + cell(weights.median, 7, "%.0f") + cell(static_cast<double>(row.steps), 6, "%.0f") +
            cell(loss.median, 9, "%.3g");
    std::snprintf(line, sizeof line, " %21s", range);
    text += line + cell(median("compositional_score"), 6, "%.3f") + cell(median("units_alive"), 5, "%.0f") +
            cell(median("depth_used"), 5, "%.0f") + cell(median("edge_f1"), 7, "%.3f") +
            cell(median("edge_f1_chance"), 7, "%.3f");
    const std::size_t lost = method.rows.size() - weights.count;
    text += (lost > 0 ? "  " + std::to_string(lost) + " without a network" : "") + "\n";
  }
  return text;
}

}  // namespace skein::experiments
