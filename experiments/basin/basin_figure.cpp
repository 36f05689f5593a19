#include <algorithm>
#include <cmath>

#include "experiments/basin/basin_report.hpp"
#include "experiments/figures/plots.hpp"

namespace skein::experiments {
namespace {

/// Share of starts whose least loss is so much or less, as steps; at most some 400 corners.
Series losses_of(const CensusCell& cell, int colour) {
  Series series{.name = cell.wiring, .colour = colour};
  std::vector<double> losses;
  for (const StartResult& start : cell.starts)
    if (!start.diverged) losses.push_back(start.best_loss);
  std::ranges::sort(losses);
  constexpr std::size_t corners = 200;
  const std::size_t every = std::max<std::size_t>(1, losses.size() / corners);
  const auto total = static_cast<double>(cell.starts.size());
  for (std::size_t i = 0; i < losses.size(); i += every) {
    const std::size_t last = std::min(losses.size(), i + every);
    series.x.insert(series.x.end(), {losses[i], losses[i]});
    series.y.insert(series.y.end(), {static_cast<double>(i) / total, static_cast<double>(last) / total});
  }
  if (!losses.empty()) {
    series.x.push_back(losses.back());
    series.y.push_back(static_cast<double>(losses.size()) / total);
  }
  return series;
}

Series returns_of(const Radius& radius, int colour) {
  Series series{.name = radius.network, .colour = colour};
  for (const RadiusPoint& point : radius.points) {
    series.x.push_back(point.noise);
    series.y.push_back(point.share.value);
    series.low.push_back(point.share.low);
    series.high.push_back(point.share.high);
  }
  return series;
}

}  // namespace

Drawing basin_figure(const BasinFindings& findings) {
  std::vector<Series> losses, returns;
  int colour = 0;
  for (const CensusCell& cell : findings.census) losses.push_back(losses_of(cell, colour++));
  Series bar{.name = "bar", .colour = 6};
  bar.x = {findings.bar, findings.bar};
  bar.y = {0, 1};
  losses.push_back(bar);
  colour = 0;
  for (const Radius& radius : findings.radius)
    if (radius.where == "all") returns.push_back(returns_of(radius, colour++));
  std::vector<Drawing> panels{curve_plot(losses, {.title = findings.target + ": where random starts end",
                                                  .x_label = "least loss met in training",
                                                  .y_label = "share of starts at or below",
                                                  .log_x = true})};
  if (!returns.empty())
    panels.push_back(curve_plot(returns, {.title = findings.target + ": what returns after noise",
                                          .x_label = "relative noise on all weights",
                                          .y_label = "share that returns",
                                          .log_x = true}));
  return small_multiples(panels, 2);
}

}  // namespace skein::experiments
