#include "experiments/figures/phylogeny_figure.hpp"

#include <algorithm>
#include <set>

namespace skein::experiments {
namespace {

constexpr double plot_width = 900, plot_height = 480, left = 64, right = 16, top = 36, bottom = 44;

struct AxisScale {
  double low = 0, high = 1, from = 0, to = 1;
  double operator()(double value) const { return from + (value - low) / (high - low) * (to - from); }
};

std::string number(double value) {
  std::string text = std::to_string(value);
  text.resize(text.find('.') + 3);
  return text;
}

void axes(Drawing& drawing, const AxisScale& x, const AxisScale& y) {
  drawing.line({left, plot_height - bottom}, {plot_width - right, plot_height - bottom}, colours::faint);
  drawing.line({left, top}, {left, plot_height - bottom}, colours::faint);
  const TextStyle style{.size = 11, .anchor = Anchor::middle, .colour = colours::faint};
  for (int tick = 0; tick <= 4; ++tick) {
    const double generation = x.low + (x.high - x.low) * tick / 4,
                 fitness = y.low + (y.high - y.low) * tick / 4;
    drawing.text(x(generation), plot_height - bottom + 16, std::to_string(static_cast<int>(generation)),
                 style);
    drawing.text(left - 6, y(fitness) + 4, number(fitness),
                 {.size = 11, .anchor = Anchor::end, .colour = colours::faint});
  }
  drawing.text((left + plot_width - right) / 2, plot_height - 10, "generation", style);
  drawing.text(16, (top + plot_height - bottom) / 2, "fitness",
               {.size = 11, .anchor = Anchor::middle, .colour = colours::faint, .upward = true});
}

}  // namespace

Drawing phylogeny_figure(const neat::Lineage& lineage, std::span<const neat::BirthNumber> chosen,
                         const std::string& title) {
  Drawing drawing{plot_width, plot_height, {}};
  drawing.text(left, 22, title, {.size = 15, .bold = true});
  const auto births = neat::ancestry(lineage, chosen);
  if (births.empty()) return drawing;
  AxisScale x{0, 1, left, plot_width - right}, y{0, 0, plot_height - bottom, top};
  y.low = y.high = lineage[births.front()].fitness;
  for (const auto birth : births) {
    x.high = std::max(x.high, static_cast<double>(lineage[birth].generation));
    y.low = std::min(y.low, lineage[birth].fitness);
    y.high = std::max(y.high, lineage[birth].fitness);
  }
  if (y.high <= y.low) y.high = y.low + 1;
  axes(drawing, x, y);
  std::set<neat::BirthNumber> lines;
  for (const auto birth : chosen)
    for (const auto ancestor : neat::maternal_line(lineage, birth)) lines.insert(ancestor);
  const auto place = [&](neat::BirthNumber birth) {
    return Point{x(lineage[birth].generation), y(lineage[birth].fitness)};
  };
  for (const bool maternal : {false, true})
    for (const auto birth : births) {
      const auto parent = maternal ? lineage[birth].mother : lineage[birth].father;
      if (parent == neat::no_parent) continue;
      const bool strong = maternal && lines.contains(birth);
      drawing.line(place(parent), place(birth),
                   strong ? colours::series[0].with_alpha(0.6) : colours::hairline, strong ? 1.2 : 0.7);
    }
  const std::set<neat::BirthNumber> ends(chosen.begin(), chosen.end());
  for (const auto birth : births)
    drawing.add(Disc{place(birth), ends.contains(birth) ? 3.0 : 1.2,
                     ends.contains(birth) ? colours::series[1] : colours::faint,
                     "birth " + std::to_string(birth) + ", generation " +
                         std::to_string(lineage[birth].generation) + ", fitness " +
                         number(lineage[birth].fitness)});
  return drawing;
}

}  // namespace skein::experiments
