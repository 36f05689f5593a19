#include "experiments/compare/row_groups.hpp"

#include <algorithm>
#include <cmath>

namespace skein::experiments {

std::vector<MethodRows> methods_of(const CompareResults& results) {
  std::vector<MethodRows> methods;
  for (const CompareRow& row : results.rows) {
    auto found = std::ranges::find(methods, row.name, &MethodRows::name);
    if (found == methods.end()) {
      methods.push_back({row.name, row.label.empty() ? row.name : row.label, row.family, {}, nullptr});
      found = methods.end() - 1;
    }
    found->rows.push_back(&row);
  }
  for (MethodRows& method : methods) {
    std::vector<const CompareRow*> able;
    std::ranges::copy_if(method.rows, std::back_inserter(able),
                         [](const CompareRow* r) { return !r->network.empty(); });
    std::ranges::stable_sort(able, {},
                             [](const CompareRow* r) { return std::isfinite(r->loss) ? r->loss : HUGE_VAL; });
    if (!able.empty()) method.shown = able[(able.size() - 1) / 2];
  }
  return methods;
}

std::vector<std::string> measure_names(const CompareResults& results) {
  std::vector<std::string> names;
  for (const CompareRow& row : results.rows)
    for (const auto& measure : row.measures)
      if (std::ranges::find(names, measure.name) == names.end()) names.push_back(measure.name);
  return names;
}

double value_of(const CompareRow& row, const std::string& column) {
  const bool made = has_network(row.status);
  if (column == "loss") return row.loss;
  if (column == "best_loss") return row.best_loss;
  if (column == "psnr") return row.psnr;
  if (column == "nonzero") return made ? static_cast<double>(row.nonzero) : std::nan("");
  if (column == "weights") return made ? static_cast<double>(row.weights) : std::nan("");
  const auto* measure = row.measure(column);
  return measure ? measure->value : std::nan("");
}

Summary summarise(std::vector<double> values) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  std::ranges::sort(values);
  const std::size_t n = values.size();
  if (n == 0) return {};
  return {n, n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2, values.front(),
          values.back()};
}

}  // namespace skein::experiments
