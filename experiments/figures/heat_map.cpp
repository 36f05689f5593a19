#include "experiments/figures/heat_map.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "experiments/drawing/font.hpp"

namespace skein::experiments {
namespace {

constexpr double cell_width = 54, cell_height = 30, head_room = 44, end_room = 12;
constexpr double name_size = 12, value_size = 11, note_size = 8.5;

/// White to dark blue.
Colour shade_of(double place) { return diverging(0.75 * std::clamp(place, 0.0, 1.0)); }

void draw_cell(Drawing& map, const HeatCell& cell, double x, double y) {
  const bool filled = !std::isnan(cell.place);
  if (filled) map.fill(x + 0.5, y + 0.5, cell_width - 1, cell_height - 1, shade_of(cell.place));
  else map.frame(x + 0.5, y + 0.5, cell_width - 1, cell_height - 1, colours::hairline);
  const Colour ink = filled && cell.place > 0.7 ? colours::paper : colours::ink;
  const double middle = x + cell_width / 2;
  if (filled)
    map.text(middle, y + 14, cell.number, {.size = value_size, .anchor = Anchor::middle, .colour = ink});
  map.text(middle, y + 25, cell.note, {.size = note_size, .anchor = Anchor::middle, .colour = ink});
}

}  // namespace

double row_room_of(const std::vector<std::string>& rows) {
  double room = 60;
  for (const std::string& row : rows) room = std::max(room, text_width(row, name_size) + 24);
  return room;
}

Drawing heat_map(const HeatMap& map) {
  if (map.cells.size() != map.rows.size() * map.columns.size())
    throw std::logic_error("a heat map of " + std::to_string(map.cells.size()) + " cells");
  const double left = map.row_room > 0 ? map.row_room : row_room_of(map.rows);
  const auto columns = static_cast<double>(map.columns.size()), rows = static_cast<double>(map.rows.size());
  Drawing drawing{left + cell_width * columns + end_room, head_room + cell_height * rows + end_room, {}};
  drawing.text(10, 16, map.title, {.size = name_size, .bold = true});
  for (std::size_t c = 0; c < map.columns.size(); ++c)
    drawing.text(left + cell_width * (static_cast<double>(c) + 0.5), head_room - 8, map.columns[c],
                 {.size = name_size, .anchor = Anchor::middle, .bold = map.marked == c});
  for (std::size_t r = 0; r < map.rows.size(); ++r) {
    const double y = head_room + cell_height * static_cast<double>(r);
    drawing.text(left - 8, y + cell_height / 2 + 4, map.rows[r], {.size = name_size, .anchor = Anchor::end});
    for (std::size_t c = 0; c < map.columns.size(); ++c)
      draw_cell(drawing, map.cells[r * map.columns.size() + c], left + cell_width * static_cast<double>(c),
                y);
  }
  if (map.marked)
    drawing.frame(left + cell_width * static_cast<double>(*map.marked), head_room, cell_width,
                  cell_height * rows, colours::negative, 2);
  return drawing;
}

}  // namespace skein::experiments
