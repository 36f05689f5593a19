#include "experiments/report/report_axes.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "experiments/compare/finding.hpp"
#include "experiments/figures/plot_axis.hpp"
#include "experiments/figures/plots.hpp"
#include "experiments/report/blocks.hpp"
#include "experiments/report/report_figures.hpp"
#include "experiments/report/report_notes.hpp"
#include "experiments/report/report_tables.hpp"
#include "experiments/rows/row_methods.hpp"

namespace skein::experiments {
namespace {

std::optional<double> number_in(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What a row has on each axis.
std::vector<std::pair<std::string, std::string>> places_of(const CompareRow& row) {
  std::vector<std::pair<std::string, std::string>> places{
      {"target", row.key.target},
      {"method", label_of({{}, row.key.method, 0, 0, {}, {}})},
      {"depth offset", std::to_string(row.key.depth)}};
  if (row.key.count > 0) places.emplace_back("weights kept", std::to_string(row.key.count));
  for (const auto& [option, value] : row.key.variant) places.emplace_back(option, value);
  return places;
}

std::size_t place_of(const std::string& axis) {
  constexpr const char* first[] = {"target", "method", "weights kept", "depth offset"};
  return static_cast<std::size_t>(std::ranges::find(first, axis) - std::ranges::begin(first));
}

std::vector<double> values_of(const std::vector<const CompareRow*>& rows, const std::string& column) {
  std::vector<double> values;
  for (const CompareRow* row : rows) values.push_back(value_of(*row, column));
  return values;
}

/// The rows by the method that they have, in the order of their first ones.
std::vector<std::pair<std::string, std::vector<const CompareRow*>>> by_method(
    const std::vector<const CompareRow*>& rows) {
  std::vector<std::pair<std::string, std::vector<const CompareRow*>>> methods;
  for (const CompareRow* row : rows) {
    auto found = std::ranges::find(methods, row->key.method, &decltype(methods)::value_type::first);
    if (found == methods.end()) found = methods.insert(methods.end(), {row->key.method, {}});
    found->second.push_back(row);
  }
  return methods;
}

/// Median by value, one curve a method.
Drawing curves_along(const ReportAxis& axis, const std::string& column, bool log_y) {
  std::map<std::string, std::size_t> places;
  std::vector<Series> series;
  double least = HUGE_VAL, most = -HUGE_VAL;
  for (const ReportAxis::Value& value : axis.values) {
    const double x = *number_in(value.text);
    least = std::min(least, x), most = std::max(most, x);
    for (const auto& [method, rows] : by_method(value.rows)) {
      const Summary s = summarise(values_of(rows, column));
      if (s.count == 0) continue;
      const auto [place, is_new] = places.emplace(method, series.size());
      if (is_new)
        series.push_back(
            {label_of({{}, method, 0, 0, {}, {}}), {}, {}, {}, {}, static_cast<int>(series.size())});
      Series& curve = series[place->second];
      curve.x.push_back(x), curve.y.push_back(s.median);
    }
  }
  constexpr double wide = 30;  // greatest over least from which on an axis is logarithmic
  return curve_plot(series, {.title = column_title(column),
                             .x_label = axis.name,
                             .log_x = least > 0 && most / least >= wide,
                             .log_y = log_y,
                             .width = 480,
                             .height = 270});
}

/// The medians of methods as points, one line a value.
Drawing dots_along(const ReportAxis& axis, const std::string& column, bool logarithmic) {
  std::vector<DotRow> lines;
  for (const ReportAxis::Value& value : axis.values) {
    DotRow line{value.text, {}, 3};
    for (const auto& [method, rows] : by_method(value.rows))
      line.values.push_back(summarise(values_of(rows, column)).median);
    lines.push_back(std::move(line));
  }
  return dot_plot(lines, {.title = column_title(column), .x_label = "", .log_x = logarithmic, .width = 480});
}

/// The first of `leads` that a row has.
const Lead& lead_of(std::span<const ReportRun> runs) {
  for (const Lead& lead : leads())
    for (const ReportRun& run : runs)
      for (const CompareRow& row : run.results.rows)
        if (row.measure(lead.measure)) return lead;
  return leads().back();
}

}  // namespace

std::vector<ReportAxis> axes_of(std::span<const ReportRun> runs) {
  std::vector<ReportAxis> axes;
  std::map<std::string, std::size_t> found;
  std::map<std::pair<std::size_t, std::string>, std::size_t> values;
  for (const ReportRun& run : runs)
    for (const CompareRow& row : run.results.rows)
      for (const auto& [name, text] : places_of(row)) {
        const auto [axis, is_new] = found.emplace(name, axes.size());
        if (is_new) axes.push_back({name, {}, true});
        ReportAxis& here = axes[axis->second];
        const auto [value, first] = values.emplace(std::pair{axis->second, text}, here.values.size());
        if (first) here.values.push_back({text, {}}), here.numeric &= number_in(text).has_value();
        here.values[value->second].rows.push_back(&row);
      }
  std::erase_if(axes, [](const ReportAxis& axis) { return axis.values.size() < 2; });
  for (ReportAxis& axis : axes)
    if (axis.numeric)
      std::ranges::sort(axis.values, {}, [](const ReportAxis::Value& v) { return *number_in(v.text); });
  std::ranges::stable_sort(axes, {}, [](const ReportAxis& axis) {
    return std::pair(place_of(axis.name), place_of(axis.name) < 4 ? std::string() : axis.name);
  });
  return axes;
}

Markup axis_section(std::span<const ReportRun> runs) {
  const std::vector<ReportAxis> axes = axes_of(runs);
  if (std::ranges::all_of(axes, [](const ReportAxis& axis) { return axis.name == "method"; })) return {};
  const Lead& lead = lead_of(runs);
  Markup html;
  for (const ReportAxis& axis : axes) {
    constexpr std::size_t most_lines = 200;
    html += block("axis-title", {{"axis", axis.name}}) + axis_table(axis, most_lines);
    if (axis.values.size() > most_lines)
      html += paragraph("The first " + std::to_string(most_lines) + " of " +
                            std::to_string(axis.values.size()) + " values; all rows are in results.csv.",
                        "note");
    if (axis.name == "target" || axis.name == "method") continue;
    std::vector<Drawing> panels;
    for (const auto& [column, logarithmic] : {std::pair{"loss", true}, {lead.measure, false}})
      panels.push_back(axis.numeric ? curves_along(axis, column, logarithmic)
                                    : dots_along(axis, column, logarithmic));
    html += plot_tag(small_multiples(panels, 2), std::string("loss and ") + lead.words + " by " + axis.name,
                     axis.numeric ? "Each curve a method, each point the median over all else."
                                  : "Each point the median of one method's networks.");
  }
  return html;
}

}  // namespace skein::experiments
