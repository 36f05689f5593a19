#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "experiments/drawing/drawing.hpp"

namespace skein::experiments {

/// One field of a heat map: how dark, and what stands in it.
struct HeatCell {
  /// 0 (white) to 1 (dark blue); beyond is clipped. Not a number: an empty frame, of which only the note is written.
  double place = std::numeric_limits<double>::quiet_NaN();
  std::string number;
  std::string note;  ///< small, below the number
};

/// Numbers in rows and columns.
struct HeatMap {
  std::string title;
  std::vector<std::string> rows, columns;
  std::vector<HeatCell> cells;                       ///< rows x columns, row after row
  std::optional<std::size_t> marked = std::nullopt;  ///< a column that is framed, its head bold
  double row_room = 0;  ///< for the rows' names, which end there; 0: as they need
};

/// The room that these names of rows need.
double row_room_of(const std::vector<std::string>& rows);

/// The map, as wide as its columns and as high as its rows need. Throws std::logic_error where the cells are not rows x
/// columns.
Drawing heat_map(const HeatMap& map);

}  // namespace skein::experiments
