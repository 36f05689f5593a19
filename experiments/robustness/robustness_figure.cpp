#include <algorithm>
#include <cstdio>

#include "experiments/figures/contact_sheet.hpp"
#include "experiments/figures/plots.hpp"
#include "experiments/robustness/robustness_report.hpp"

namespace skein::experiments {
namespace {

constexpr int cell = 104;
constexpr std::size_t most_columns = 13;  // of parts; more do not fit a page

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f %%", 100 * share);
  return text;
}

Drawing worst_sheet(const PartsTarget& target, const std::vector<RobustNetwork>& networks) {
  std::vector<SheetEntry> entries{{to_image(target.pictures.whole), "the target"}};
  const auto& first = networks.front().hidden.parts;
  const std::size_t columns = std::min(first.size(), most_columns);
  std::vector<std::size_t> numbers;
  for (std::size_t k = 0; k < columns; ++k) {
    std::size_t number = 0;
    while (number + 1 < target.pictures.count() && target.parts.parts[number].name != first[k].part) ++number;
    entries.push_back({to_image(target.pictures.absent[number]), "without " + first[k].part});
  }
  for (const RobustNetwork& network : networks) {
    entries.push_back({to_image(network.drawn), network.title});
    for (std::size_t k = 0; k < columns; ++k) {
      const HiddenLoss& part = network.hidden.parts[k];
      entries.push_back({to_image(part.picture), percent(part.lost.weight) + " " +
                                                     std::string(part.slot ? name(part.change) : "lost")});
    }
  }
  return contact_sheet(
      entries,
      {.title = target.title + ": the step on one weight that takes most of each part, at the loss of the "
                               "part's absence",
       .columns = static_cast<int>(columns) + 1,
       .cell = cell});
}

/// The shifts that look different: not other resolutions.
std::vector<std::size_t> shown_shifts(const std::vector<InputShift>& shifts) {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < shifts.size(); ++i)
    if (shifts[i].size == shifts.front().size) shown.push_back(i);
  return shown;
}

Drawing shift_sheet(const std::vector<RobustNetwork>& networks, const std::vector<InputShift>& shifts,
                    const std::vector<Picture>& wanted) {
  std::vector<SheetEntry> entries;
  const auto shown = shown_shifts(shifts);
  for (const std::size_t i : shown) entries.push_back({to_image(wanted[i]), shifts[i].name});
  for (const RobustNetwork& network : networks)
    for (const std::size_t i : shown) {
      char text[64];
      std::snprintf(text, sizeof text, "median error %.2g", median_error(network.shifts, shifts[i].name));
      entries.push_back({to_image(network.shifted_pictures[i]), i == 0 ? network.title : text});
    }
  return contact_sheet(entries, {.title = "the genome (above) and the networks where neither was fitted",
                                 .columns = static_cast<int>(shown.size()),
                                 .cell = cell});
}

/// What is lost against the loss change, mean over the parts.
Series lost_curve(const RobustNetwork& network, double LostShares::*which, int colour) {
  Series series{.name = network.title, .colour = colour};
  for (std::size_t i = 0; i < budget_count; ++i) {
    double sum = 0;
    for (const HiddenLoss& part : network.hidden.parts) sum += part.curve[i].*which;
    series.x.push_back(budget_of(i));
    series.y.push_back(sum / static_cast<double>(network.hidden.parts.size()));
  }
  return series;
}

Drawing lost_plot(const std::vector<RobustNetwork>& networks, double LostShares::*which, const char* title) {
  std::vector<Series> series;
  for (std::size_t i = 0; i < networks.size(); ++i)
    series.push_back(lost_curve(networks[i], which, static_cast<int>(i)));
  return curve_plot(series, {.title = title,
                             .x_label = "loss change allowed, in prices of the part",
                             .y_label = "most lost, mean of parts",
                             .log_x = true,
                             .width = 400,
                             .height = 260});
}

Drawing shift_plot(const std::vector<RobustNetwork>& networks, const std::vector<InputShift>& shifts) {
  std::vector<DotRow> rows;
  constexpr double least = 1e-6;  // below, on an axis of logarithms
  for (const InputShift& shift : shifts)
    for (std::size_t i = 0; i < networks.size(); ++i) {
      DotRow row{.name = shift.name + ", " + networks[i].title, .values = {}, .colour = static_cast<int>(i)};
      for (const ShiftError& one : networks[i].shifts)
        if (one.shift == shift.name && one.error) row.values.push_back(std::max(least, *one.error));
      rows.push_back(std::move(row));
    }
  return dot_plot(rows, {.title = "error of each part, by where it is drawn",
                         .x_label = "squared error, of that of a plain colour (below 1e-6: there)",
                         .log_x = true,
                         .width = 760,
                         .reference = 1});
}

}  // namespace

Drawing robustness_figure(const PartsTarget& target, const std::vector<RobustNetwork>& networks,
                          const std::vector<InputShift>& shifts, const std::vector<Picture>& wanted) {
  std::vector<Drawing> drawings{worst_sheet(target, networks)};
  const bool shifted = !networks.front().shifts.empty();
  if (shifted) drawings.push_back(shift_sheet(networks, shifts, wanted));
  drawings.push_back(
      small_multiples({lost_plot(networks, &LostShares::weight, "steps on one weight"),
                       lost_plot(networks, &LostShares::random, "random directions of all weights"),
                       lost_plot(networks, &LostShares::shifted, "the same steps, maps moved cyclically")},
                      3));
  if (shifted) drawings.push_back(shift_plot(networks, shifts));
  return small_multiples(drawings, 1);
}

}  // namespace skein::experiments
