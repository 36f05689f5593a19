#include "experiments/figures/plots.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "experiments/drawing/font.hpp"
#include "experiments/figures/plot_axis.hpp"

namespace skein::experiments {
namespace {

constexpr double text_size = 12;
constexpr double plot_title_size = 14;

Colour series_colour(int index) {
  const int n = colours::series_count;
  return colours::series[((index % n) + n) % n];
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t n = values.size();
  return n == 0 ? std::nan("") : n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/// The stretches of a series whose points can all be shown.
std::vector<std::pair<std::size_t, std::size_t>> runs(const Series& s, const PlotAxis& x, const PlotAxis& y) {
  std::vector<std::pair<std::size_t, std::size_t>> result;
  const std::size_t n = std::min(s.x.size(), s.y.size());
  for (std::size_t i = 0; i < n;) {
    if (!x.shows(s.x[i]) || !y.shows(s.y[i])) {
      ++i;
      continue;
    }
    std::size_t j = i;
    while (j < n && x.shows(s.x[j]) && y.shows(s.y[j])) ++j;
    result.emplace_back(i, j);
    i = j;
  }
  return result;
}

void draw_band(Drawing& plot, const Series& s, const PlotAxis& x, const PlotAxis& y, std::size_t from,
               std::size_t to) {
  if (s.low.size() != s.y.size() || s.high.size() != s.y.size()) return;
  Area band{{}, series_colour(s.colour).with_alpha(0.18)};
  const auto edge = [&](const std::vector<double>& values, std::size_t i) {
    return Point{x.at(s.x[i]), y.at(y.shows(values[i]) ? values[i] : s.y[i])};
  };
  for (std::size_t i = from; i < to; ++i) band.points.push_back(edge(s.high, i));
  for (std::size_t i = to; i > from; --i) band.points.push_back(edge(s.low, i - 1));
  plot.add(std::move(band));
}

struct Ending {
  double y;
  std::size_t series;
};

/// Names beside the ends of the curves, moved apart where they would touch, in the order of the ends.
void draw_names(Drawing& plot, const std::vector<Series>& series, std::vector<Ending> ends, double x,
                double low, double high) {
  constexpr double line_height = text_size + 3;
  std::ranges::stable_sort(ends, {}, &Ending::y);
  double above = low - line_height;
  for (Ending& end : ends) above = end.y = std::max(end.y, above + line_height);
  double below = high + line_height;
  for (auto end = ends.rbegin(); end != ends.rend(); ++end)
    below = end->y = std::min(end->y, below - line_height);
  for (const Ending& end : ends)
    plot.text(x, end.y + 4, series[end.series].name, {.colour = series_colour(series[end.series].colour)});
}

void draw_title(Drawing& plot, const std::string& title) {
  if (!title.empty()) plot.text(10, 10 + plot_title_size, title, {.size = plot_title_size, .bold = true});
}

}  // namespace

Drawing curve_plot(const std::vector<Series>& series, const PlotOptions& options) {
  // Step 1. Axes.
  std::vector<double> xs, ys;
  double names = 0;
  for (const Series& s : series) {
    xs.insert(xs.end(), s.x.begin(), s.x.end());
    for (const auto* values : {&s.y, &s.low, &s.high}) ys.insert(ys.end(), values->begin(), values->end());
    names = std::max(names, text_width(s.name, text_size));
  }
  const double left = 70, right = options.width - 22 - names;
  const double top = options.title.empty() ? 14 : 38, bottom = options.height - 46;
  const PlotAxis x(xs, options.log_x, left, right), y(ys, options.log_y, bottom, top);
  Drawing plot{options.width, options.height, {}};
  draw_title(plot, options.title);
  for (const auto& tick : y.ticks(5)) {
    plot.line({left, y.at(tick.value)}, {right, y.at(tick.value)}, colours::hairline, 0.75);
    plot.text(left - 8, y.at(tick.value) + 4, tick.label, {.anchor = Anchor::end});
  }
  for (const auto& tick : x.ticks(std::max(2, static_cast<int>((right - left) / 75)))) {
    plot.line({x.at(tick.value), bottom}, {x.at(tick.value), bottom + 4}, colours::faint);
    plot.text(x.at(tick.value), bottom + 18, tick.label, {.anchor = Anchor::middle});
  }
  plot.line({left, bottom}, {right, bottom}, colours::faint);
  plot.text((left + right) / 2, options.height - 9, options.x_label,
            {.anchor = Anchor::middle, .colour = colours::faint});
  plot.text(18, (top + bottom) / 2, options.y_label,
            {.anchor = Anchor::middle, .colour = colours::faint, .upward = true});

  // Step 2. Bands below curves, names at their ends.
  std::vector<Ending> ends;
  for (const Series& s : series)
    for (const auto& [from, to] : runs(s, x, y)) draw_band(plot, s, x, y, from, to);
  for (std::size_t k = 0; k < series.size(); ++k) {
    const Series& s = series[k];
    const auto pieces = runs(s, x, y);
    for (const auto& [from, to] : pieces) {
      Line line{{}, series_colour(s.colour), 1.6, false, s.name};
      for (std::size_t i = from; i < to; ++i) line.points.push_back({x.at(s.x[i]), y.at(s.y[i])});
      if (line.points.size() == 1) plot.add(Disc{line.points[0], 2.5, line.colour, s.name});
      else plot.add(std::move(line));
    }
    if (!pieces.empty()) ends.push_back({y.at(s.y[pieces.back().second - 1]), k});
  }
  draw_names(plot, series, ends, right + 8, top, bottom);
  if (ends.empty())
    plot.text((left + right) / 2, (top + bottom) / 2, "nothing to show",
              {.anchor = Anchor::middle, .colour = colours::faint});
  return plot;
}

Series spread_of(const std::string& name, const std::vector<Series>& curves, int colour) {
  std::map<double, std::vector<double>> at;
  for (const Series& curve : curves)
    for (std::size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i)
      if (std::isfinite(curve.x[i]) && std::isfinite(curve.y[i])) at[curve.x[i]].push_back(curve.y[i]);
  Series result{name, {}, {}, {}, {}, colour};
  for (const auto& [x, values] : at) {
    const auto [low, high] = std::ranges::minmax(values);
    result.x.push_back(x), result.y.push_back(median(values));
    result.low.push_back(low), result.high.push_back(high);
  }
  return result;
}

Drawing dot_plot(const std::vector<DotRow>& rows, const DotPlotOptions& options) {
  constexpr double row_height = 22;
  std::vector<double> values{options.reference};
  double names = options.name_width;
  for (const DotRow& row : rows) {
    for (const auto* v : {&row.values, &row.low, &row.high})
      values.insert(values.end(), v->begin(), v->end());
    if (options.name_width <= 0) names = std::max(names, text_width(row.name, text_size));
  }
  const double left = 14 + names + 12, right = options.width - 24, top = options.title.empty() ? 12 : 36;
  const double bottom = top + row_height * static_cast<double>(std::max<std::size_t>(rows.size(), 1)) + 4;
  const PlotAxis x(values, options.log_x, left, right);
  Drawing plot{options.width, bottom + (options.x_label.empty() ? 28 : 44), {}};
  draw_title(plot, options.title);
  for (const auto& tick : x.ticks(std::max(4, static_cast<int>((right - left) / 55)))) {
    plot.line({x.at(tick.value), top}, {x.at(tick.value), bottom}, colours::hairline, 0.75);
    plot.text(x.at(tick.value), bottom + 16, tick.label, {.anchor = Anchor::middle});
  }
  if (x.shows(options.reference))
    for (double y = top; y < bottom; y += 7)
      plot.line({x.at(options.reference), y}, {x.at(options.reference), std::min(y + 3, bottom)},
                colours::ink);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const DotRow& row = rows[r];
    const double y = top + row_height * (static_cast<double>(r) + 0.5) + 2;
    plot.text(left - 12, y + 4, row.name, {.anchor = Anchor::end});
    const Colour colour = series_colour(row.colour);
    std::vector<double> shown;
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      if (!x.shows(row.values[i])) continue;
      shown.push_back(row.values[i]);
      // Points of one row stand a little above and below its line, so that equal ones are all seen.
      const double aside = row.values.size() < 2 ? 0 : (static_cast<double>(i % 5) - 2) * 1.8;
      if (i < row.low.size() && i < row.high.size() && x.shows(row.low[i]) && x.shows(row.high[i]))
        plot.line({x.at(row.low[i]), y + aside}, {x.at(row.high[i]), y + aside}, colour.with_alpha(0.35), 2);
      plot.add(Disc{{x.at(row.values[i]), y + aside},
                    3.4,
                    colour.with_alpha(0.75),
                    row.name + ": " + plain_number(row.values[i])});
    }
    const bool off_axis = std::ranges::any_of(row.values, [](double v) { return std::isfinite(v); });
    if (shown.empty()) plot.text(left + 4, y + 4, off_axis ? "0" : "none", {.colour = colours::faint});
    if (shown.size() > 1)
      plot.line({x.at(median(shown)), y - 8}, {x.at(median(shown)), y + 8}, colours::ink, 1.6);
  }
  plot.text((left + right) / 2, plot.height - 8, options.x_label,
            {.anchor = Anchor::middle, .colour = colours::faint});
  return plot;
}

Drawing small_multiples(const std::vector<Drawing>& drawings, int columns) {
  const std::size_t across = static_cast<std::size_t>(std::max(columns, 1));
  double width = 0;
  for (const Drawing& d : drawings) width = std::max(width, d.width);
  Drawing sheet{
      std::max(1.0, width * static_cast<double>(std::min(across, std::max<std::size_t>(drawings.size(), 1)))),
      1,
      {}};
  double y = 0;
  for (std::size_t i = 0; i < drawings.size();) {
    double height = 0;
    for (std::size_t c = 0; c < across && i < drawings.size(); ++c, ++i) {
      sheet.place(drawings[i], width * static_cast<double>(c), y);
      height = std::max(height, drawings[i].height);
    }
    sheet.height = y += height;
  }
  return sheet;
}

}  // namespace skein::experiments
