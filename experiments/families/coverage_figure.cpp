#include <algorithm>
#include <cmath>
#include <iterator>

#include "experiments/families/coverage_run.hpp"
#include "experiments/figures/plots.hpp"
#include "experiments/statistics/table.hpp"

namespace skein::experiments {
namespace {

using Number = double (*)(const CoverageRow& row);

std::vector<int> widths_of(const std::vector<CoverageRow>& rows) {
  std::vector<int> widths;
  for (const CoverageRow& row : rows)
    if (row.key.support == Support::connected && std::ranges::find(widths, row.key.width) == widths.end())
      widths.push_back(row.key.width);
  return widths;
}

std::vector<std::uint64_t> seeds_of(const std::vector<CoverageRow>& rows) {
  std::vector<std::uint64_t> seeds;
  for (const CoverageRow& row : rows)
    if (std::ranges::find(seeds, row.key.seed) == seeds.end()) seeds.push_back(row.key.seed);
  return seeds;
}

/// A number of the connected supports against the share held out, a band over seeds for each width.
std::vector<Series> against_share(const std::vector<CoverageRow>& rows, Number number) {
  std::vector<Series> series;
  int colour = 0;
  for (const int width : widths_of(rows)) {
    std::vector<Series> curves;
    for (const std::uint64_t seed : seeds_of(rows)) {
      Series curve;
      for (const CoverageRow& row : rows)
        if (row.key.support == Support::connected && row.key.width == width && row.key.seed == seed) {
          curve.x.push_back(row.key.held_out);
          curve.y.push_back(number(row));
        }
      if (!curve.x.empty()) curves.push_back(std::move(curve));
    }
    series.push_back(spread_of("width " + std::to_string(width), curves, colour++));
  }
  return series;
}

/// Points of one curve per student, gathered by a name; medians and bands over students.
template <class Points>
std::vector<Series> by_name(const std::vector<CoverageRow>& rows, const Points& points) {
  std::vector<std::pair<std::string, std::vector<Series>>> groups;
  for (const CoverageRow& row : rows) {
    const auto [called, curve] = points(row);
    if (called.empty()) continue;
    auto group = std::ranges::find(groups, called, [](const auto& g) { return g.first; });
    if (group == groups.end()) group = groups.insert(groups.end(), {called, {}});
    group->second.push_back(curve);
  }
  std::vector<Series> series;
  for (const auto& [called, curves] : groups)
    series.push_back(spread_of(called, curves, static_cast<int>(series.size())));
  return series;
}

std::string called(const CoverageRow& row) {
  if (row.key.support != Support::connected) return std::string(name(row.key.support));
  return number_text(100 * row.key.held_out, 4) + " % held out";
}

}  // namespace

Drawing coverage_figure(const std::vector<CoverageRow>& all, const std::string& title) {
  std::vector<CoverageRow> rows;
  std::ranges::copy_if(all, std::back_inserter(rows),
                       [](const CoverageRow& row) { return row.failed.empty(); });
  const auto options = [](const char* head, const char* x, const char* y) {
    return PlotOptions{.title = head, .x_label = x, .y_label = y, .width = 560, .height = 340};
  };
  std::vector<DotRow> controls;
  for (const CoverageRow& row : rows) {
    const std::string line = called(row) + ", width " + std::to_string(row.key.width);
    auto found = std::ranges::find(controls, line, &DotRow::name);
    if (found == controls.end())
      found = controls.insert(controls.end(), {line, {}, row.key.support == Support::connected ? 0 : 1});
    found->values.push_back(row.coverage.unseen_r2);
  }
  std::vector<CoverageRow> widest;
  const auto widths = widths_of(rows);
  const int last = widths.empty() ? 0 : *std::ranges::max_element(widths);
  for (const CoverageRow& row : rows)
    if (row.key.support != Support::connected || row.key.width == last) widest.push_back(row);
  const auto decodable = by_name(widest, [](const CoverageRow& row) {
    Series curve;
    for (const Decodability& d : row.coverage.decodability) {
      curve.x.push_back(d.layer);
      curve.y.push_back(std::max(-1.0, d.r2));
    }
    return std::pair(called(row), curve);
  });
  const auto composed = by_name(widest, [](const CoverageRow& row) {
    Series curve;
    for (const CombinationError& e : row.coverage.composed) {
      curve.x.push_back(e.parts);
      curve.y.push_back(e.error);
    }
    return std::pair(called(row), curve);
  });
  const std::string head = title + ": combinations of parts that were never seen";
  return small_multiples(
      {curve_plot(
           against_share(rows, [](const CoverageRow& r) { return r.coverage.unseen_r2; }),
           options(head.c_str(), "share of the combinations held out", "R\xc2\xb2 on unseen combinations")),
       dot_plot(controls, {.title = "every student, controls in orange",
                           .x_label = "R\xc2\xb2 on unseen combinations",
                           .width = 560,
                           .reference = 0}),
       curve_plot(decodable, options("code read off linearly, fitted on seen combinations (layer 0: inputs)",
                                     "layer", "R\xc2\xb2 on unseen combinations, from -1")),
       curve_plot(composed, options("error against the number of composed parts", "parts that are on",
                                    "mean squared error, unseen combinations"))},
      2);
}

}  // namespace skein::experiments
