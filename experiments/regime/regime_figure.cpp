#include <algorithm>
#include <cmath>
#include <utility>

#include "experiments/drawing/font.hpp"
#include "experiments/figures/heat_map.hpp"
#include "experiments/figures/plot_axis.hpp"
#include "experiments/regime/regime_files.hpp"

namespace skein::experiments {
namespace {

constexpr double label_size = 12;

/// What a cell lacks: "2 blank", of several kinds by their first letters, "1b 2f"; else how many it has.
std::string missing_text(const RegimeCell& cell) {
  const std::pair<std::size_t, std::string> kinds[] = {
      {cell.blank, "blank"}, {cell.diverged, "div."}, {cell.failed, "failed"}, {cell.never, "never"}};
  std::string text, letters;
  std::size_t present = 0;
  for (const auto& [count, kind] : kinds) {
    if (count == 0) continue;
    ++present;
    text = std::to_string(count) + " " + kind;
    letters += (letters.empty() ? "" : " ") + std::to_string(count) + kind.front();
  }
  return present == 0 ? "n " + std::to_string(cell.n) : present == 1 ? text : letters;
}

/// One number of all connections and depths.
class Panel {
 public:
  Panel(const RegimeFinding& finding, std::size_t column)
      : finding_(finding), column_(regime_columns()[column]) {
    for (const RegimeCell& cell : finding.cells)
      if (cell.column == column) {
        cells_.push_back(&cell);
        if (const double value = scaled(cell.mean); cell.n > 0 && std::isfinite(value))
          least_ = std::min(least_, value), most_ = std::max(most_, value);
      }
  }

  HeatMap map() const {
    const RegimeTarget& target = finding_.target;
    HeatMap map;
    map.title = column_.name + (column_.name == "loss" ? " (lower is better)"
                                : column_.sign < 0     ? " (lower is more factored)"
                                                       : " (higher is more factored)");
    for (const Connection& connection : target.connections) map.rows.push_back(connection.label);
    for (const int depth : target.depths) map.columns.push_back(std::to_string(depth));
    map.cells.resize(map.rows.size() * map.columns.size());
    for (const RegimeCell* cell : cells_)
      map.cells[cell->connection * map.columns.size() + column_of(cell->depth)] = {
          cell->n > 0 ? place_of(cell->mean) : std::nan(""), plain_number(cell->mean, 3),
          missing_text(*cell)};
    if (target.own_depth && std::ranges::binary_search(target.depths, *target.own_depth))
      map.marked = column_of(*target.own_depth);
    return map;
  }

 private:
  std::size_t column_of(int depth) const {
    const auto& depths = finding_.target.depths;
    return static_cast<std::size_t>(std::ranges::find(depths, depth) - depths.begin());
  }

  double scaled(double mean) const {
    return column_.sign * (column_.name == "loss" ? std::log10(mean) : mean);
  }

  /// Between the least and the greatest; a number without end, as of a loss of 0, is at its end of the scale.
  double place_of(double mean) const {
    const double value = scaled(mean);
    if (!std::isfinite(value)) return value > 0 ? 1 : 0;
    return most_ > least_ ? (value - least_) / (most_ - least_) : 0.5;
  }

  const RegimeFinding& finding_;
  const RegimeColumn& column_;
  std::vector<const RegimeCell*> cells_;
  double least_ = INFINITY, most_ = -INFINITY;
};

Drawing panels_under(const std::string& title, const std::string& note, const RegimeFinding& finding) {
  std::vector<Drawing> panels;
  for (std::size_t column = 0; column < regime_columns().size(); ++column)
    if (regime_columns()[column].judged) panels.push_back(heat_map(Panel(finding, column).map()));
  Drawing figure{0, 60, {}};
  for (const Drawing& panel : panels) figure.width = std::max(figure.width, panel.width);
  figure.text(10, 22, title, {.size = 14, .bold = true});
  const std::string legend = note + "; b blank (one colour), d diverged, f failed, n never under the bar";
  figure.text(10, 40, legend, {.size = label_size, .colour = colours::faint});
  figure.width =
      std::max({figure.width, text_width(title, 14, true) + 20, text_width(legend, label_size) + 20});
  for (const Drawing& panel : panels) {
    figure.place(panel, 0, figure.height);
    figure.height += panel.height + 8;
  }
  return figure;
}

}  // namespace

Drawing regime_figure(const RegimeFinding& finding) {
  return panels_under(finding.target.name + ": mean over seeds by number of hidden layers",
                      finding.target.own_depth ? "framed: the depth of the target's own genome, " +
                                                     std::to_string(*finding.target.own_depth)
                                               : std::string("a plain picture: it has no depth of its own"),
                      finding);
}

Drawing regime_figure_of_all(const RegimeFinding& all) {
  return panels_under("all targets: mean over targets by number of hidden layers",
                      "n: how many targets have the number; losses by their geometric mean", all);
}

}  // namespace skein::experiments
