#include <algorithm>
#include <cmath>

#include "experiments/drawing/font.hpp"
#include "experiments/figures/plot_axis.hpp"
#include "experiments/regime/regime_files.hpp"

namespace skein::experiments {
namespace {

constexpr double cell_width = 54, cell_height = 30;
constexpr double label_size = 12, number_size = 11, note_size = 8.5;

/// White to dark blue for a place between the least and the greatest, in [0, 1].
Colour shade_of(double place) { return diverging(0.75 * std::clamp(place, 0.0, 1.0)); }

/// What a cell lacks: "1 blank, 2 never".
std::string missing_text(const RegimeCell& cell) {
  std::string text;
  const auto add = [&](std::size_t count, const char* what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + what;
  };
  add(cell.blank, "blank"), add(cell.diverged, "div."), add(cell.failed, "failed"), add(cell.never, "never");
  return text.empty() ? "n " + std::to_string(cell.n) : text;
}

/// One number of all connections and depths.
class Panel {
 public:
  Panel(const RegimeFinding& finding, std::size_t column, double left)
      : finding_(finding), column_(regime_columns()[column]), left_(left) {
    for (const RegimeCell& cell : finding.cells)
      if (cell.column == column) {
        cells_.push_back(&cell);
        if (const double value = scaled(cell.mean); cell.n > 0 && std::isfinite(value))
          least_ = std::min(least_, value), most_ = std::max(most_, value);
      }
  }

  Drawing draw() const {
    const RegimeTarget& target = finding_.target;
    const double width = left_ + cell_width * static_cast<double>(target.depths.size()) + 12;
    const double top = 44;
    Drawing panel{width, top + cell_height * static_cast<double>(target.connections.size()) + 12, {}};
    const char* better = column_.name == "loss" ? " (lower is better)"
                         : column_.sign < 0     ? " (lower is more factored)"
                                                : " (higher is more factored)";
    panel.text(10, 16, column_.name + better, {.size = label_size, .bold = true});
    for (std::size_t d = 0; d < target.depths.size(); ++d)
      panel.text(left_ + cell_width * (static_cast<double>(d) + 0.5), top - 8,
                 std::to_string(target.depths[d]),
                 {.size = label_size,
                  .anchor = Anchor::middle,
                  .bold = target.own_depth && *target.own_depth == target.depths[d]});
    for (std::size_t c = 0; c < target.connections.size(); ++c)
      panel.text(left_ - 8, top + cell_height * (static_cast<double>(c) + 0.5) + 4,
                 target.connections[c].label, {.size = label_size, .anchor = Anchor::end});
    for (const RegimeCell* cell : cells_) draw_cell(panel, *cell, top);
    for (std::size_t d = 0; d < target.depths.size(); ++d)
      if (target.own_depth && *target.own_depth == target.depths[d])
        panel.frame(left_ + cell_width * static_cast<double>(d), top, cell_width,
                    cell_height * static_cast<double>(target.connections.size()), colours::negative, 2);
    return panel;
  }

 private:
  double scaled(double mean) const {
    return column_.sign * (column_.name == "loss" ? std::log10(mean) : mean);
  }

  /// Between the least and the greatest; a number without end, as of a loss of 0, is at its end of the scale.
  double place_of(double mean) const {
    const double value = scaled(mean);
    if (!std::isfinite(value)) return value > 0 ? 1 : 0;
    return most_ > least_ ? (value - least_) / (most_ - least_) : 0.5;
  }

  void draw_cell(Drawing& panel, const RegimeCell& cell, double top) const {
    const auto& depths = finding_.target.depths;
    const auto d = static_cast<double>(std::ranges::find(depths, cell.depth) - depths.begin());
    const double x = left_ + cell_width * d, y = top + cell_height * static_cast<double>(cell.connection);
    const double place = place_of(cell.mean);
    if (cell.n > 0) panel.fill(x + 0.5, y + 0.5, cell_width - 1, cell_height - 1, shade_of(place));
    else panel.frame(x + 0.5, y + 0.5, cell_width - 1, cell_height - 1, colours::hairline);
    const Colour ink = cell.n > 0 && place > 0.7 ? colours::paper : colours::ink;
    if (cell.n > 0)
      panel.text(x + cell_width / 2, y + 14, plain_number(cell.mean, 3),
                 {.size = number_size, .anchor = Anchor::middle, .colour = ink});
    panel.text(x + cell_width / 2, y + 25, missing_text(cell),
               {.size = note_size, .anchor = Anchor::middle, .colour = ink});
  }

  const RegimeFinding& finding_;
  const RegimeColumn& column_;
  double left_;
  std::vector<const RegimeCell*> cells_;
  double least_ = INFINITY, most_ = -INFINITY;
};

}  // namespace

Drawing regime_figure(const RegimeFinding& finding) {
  double left = 60;
  for (const Connection& connection : finding.target.connections)
    left = std::max(left, text_width(connection.label, label_size) + 24);
  std::vector<Drawing> panels;
  for (std::size_t column = 0; column < regime_columns().size(); ++column)
    if (regime_columns()[column].judged) panels.push_back(Panel(finding, column, left).draw());
  Drawing figure{0, 60, {}};
  for (const Drawing& panel : panels) figure.width = std::max(figure.width, panel.width);
  const std::string title = finding.target.name + ": mean over seeds by number of hidden layers";
  figure.text(10, 22, title, {.size = 14, .bold = true});
  figure.text(10, 40,
              finding.target.own_depth ? "framed: the depth of the target's own genome, " +
                                             std::to_string(*finding.target.own_depth)
                                       : std::string("a plain picture: it has no depth of its own"),
              {.size = label_size, .colour = colours::faint});
  figure.width = std::max(figure.width, text_width(title, 14, true) + 20);
  for (const Drawing& panel : panels) {
    figure.place(panel, 0, figure.height);
    figure.height += panel.height + 8;
  }
  return figure;
}

}  // namespace skein::experiments
