// The figure of theory against practice (declared in practice_report.hpp).
#include <algorithm>
#include <cmath>

#include "experiments/figures/heat_map.hpp"
#include "experiments/figures/plot_axis.hpp"
#include "experiments/figures/plots.hpp"
#include "experiments/practice/practice_report.hpp"

namespace skein::experiments {
namespace {

/// The value of every cell, NaN where there is none; darker is more, or less where `less_is_darker`.
template <class ValueOf>
HeatMap map_of(const PracticeFindings& findings, const PracticeSettings& settings, const std::string& title,
               bool less_is_darker, const ValueOf& value_of) {
  HeatMap map{.title = title, .rows = {}, .columns = {}, .cells = {}};
  for (const int width : settings.widths) map.rows.push_back("width " + std::to_string(width));
  for (const int depth : settings.depths) map.columns.push_back(std::to_string(depth));
  double least = INFINITY, most = -INFINITY;
  for (const PracticeCell& cell : findings.cells)
    if (const double value = value_of(cell); std::isfinite(value))
      least = std::min(least, value), most = std::max(most, value);
  for (const PracticeCell& cell : findings.cells) {
    const double value = value_of(cell);
    HeatCell& field = map.cells.emplace_back();
    if (!std::isfinite(value)) {
      field.note = "none";
      continue;
    }
    const double place = most > least ? (value - least) / (most - least) : 0;
    field.place = less_is_darker ? 1 - place : place;
    field.number = plain_number(value, 2);
  }
  return map;
}

}  // namespace

Drawing practice_figure(const PracticeFindings& findings, const PracticeSettings& settings) {
  const auto map = [&](const std::string& title, bool less_is_darker, const auto& value_of) {
    return heat_map(map_of(findings, settings, title, less_is_darker, value_of));
  };
  return small_multiples(
      {map("theory: share of wirings that keep " + std::to_string(settings.law.sources) + " primitives apart",
           false, [](const PracticeCell& cell) { return cell.theory.value; }),
       map("practice: share of trainings that arrive", false,
           [](const PracticeCell& cell) { return cell.arrived.value; }),
       map("practice: share that arrive factored", false,
           [](const PracticeCell& cell) { return cell.factored.value; }),
       map("parts that a step of an arrival touches (median)", true,
           [](const PracticeCell& cell) { return cell.median_participation.value_or(std::nan("")); })},
      2);
}

}  // namespace skein::experiments
