#include "experiments/compare/method_summary.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "experiments/statistics/table.hpp"

namespace skein::experiments {
namespace {

/// Right-aligned; a dash for what there is not.
std::string padded(double value, int width, const char* format) {
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

double steps_of_shown(const MethodNumbers& method) { return method.column("steps")[method.shown]; }

bool has_several_targets(const Analysis& analysis) {
  return std::ranges::any_of(analysis.methods, [&](const MethodNumbers& method) {
    return method.key.target != analysis.methods.front().key.target;
  });
}

}  // namespace

std::string method_csv(const Analysis& analysis) {
  const bool several = has_several_targets(analysis);
  std::vector<std::string> columns{"weights", "loss", "best_loss", "psnr"};
  columns.insert(columns.end(), analysis.measures.begin(), analysis.measures.end());
  std::vector<std::string> heads{"name", "n", "asked", "steps"};
  if (several) heads.insert(heads.begin(), "target");
  for (const std::string& column : columns)
    for (const char* end : {"", "_least", "_greatest"}) heads.push_back(column + end);
  Table table(std::move(heads));
  for (const MethodNumbers& method : analysis.methods) {
    std::vector<std::string> fields{name_of(method.key), std::to_string(method.networks()),
                                    std::to_string(method.key.count),
                                    number_text(steps_of_shown(method), 17)};
    if (several) fields.insert(fields.begin(), method.key.target);
    for (const std::string& column : columns) {
      const Summary s = method.summary(column);
      for (const double value : {s.median, s.low, s.high}) fields.push_back(number_text(value));
    }
    table.add(std::move(fields));
  }
  return table.csv();
}

std::string method_text(const Analysis& analysis) {
  const bool several = has_several_targets(analysis);
  char line[192];
  std::snprintf(line, sizeof line, "%-24s %2s %7s %6s %9s %21s %6s %6s %6s %5s %5s %7s %7s\n", "method", "n",
                "weights", "steps", "loss", "least to greatest", "parts", "cross", "score", "units", "depth",
                "edge F1", "chance");
  std::string text = line;
  for (const MethodNumbers& method : analysis.methods) {
    const auto median = [&](const char* column) { return method.summary(column).median; };
    const Summary loss = method.summary("loss");
    char range[48] = "";
    if (loss.count > 1) std::snprintf(range, sizeof range, "%.3g to %.3g", loss.low, loss.high);
    const std::string name = (several ? method.key.target + " " : "") + name_of(method.key);
    std::snprintf(line, sizeof line, "%-24s %2zu", name.c_str(), method.networks());
    text += line + padded(median("weights"), 7, "%.0f") + padded(steps_of_shown(method), 6, "%.0f") +
            padded(loss.median, 9, "%.3g");
    std::snprintf(line, sizeof line, " %21s", range);
    text += line + padded(median("participation"), 6, "%.2f") +
            padded(median("cross_participation"), 6, "%.3f") +
            padded(median("compositional_score"), 6, "%.3f") + padded(median("units_alive"), 5, "%.0f") +
            padded(median("depth_used"), 5, "%.0f") + padded(median("edge_f1"), 7, "%.3f") +
            padded(median("edge_f1_chance"), 7, "%.3f");
    const std::size_t lost = method.rows() - method.networks();
    text += (lost > 0 ? "  " + std::to_string(lost) + " without a network" : "") + "\n";
  }
  return text;
}

}  // namespace skein::experiments
