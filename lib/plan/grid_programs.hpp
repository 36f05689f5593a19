#pragma once

#include <cstdint>
#include <vector>

#include "lib/network/grid.hpp"
#include "lib/network/network.hpp"
#include "lib/plan/contraction.hpp"
#include "lib/plan/program.hpp"

namespace skein {

/// A contracted network in two parts, for grids: what is the same along a line of pixels (a row has one y and
/// a column one x; bias and values of nothing are the same everywhere) is computed once a line, with the part
/// of every other unit's sum that is made of it. At each pixel the sums start with that part; the gradient by
/// it is the sum of the unit's gradients along the line. In sparse networks this saves up to a fifth of the
/// work.
struct GridPrograms {
  bool by_columns = false;  ///< whether lines are columns: whichever saves more
  Program pixels;           ///< training: the other units, at every pixel
  Program lines;            ///< training: one sample a line; each output is where a unit's sum starts
  std::vector<std::uint32_t> started;  ///< per output of `lines`: the unit, as an entry of `pixels.units`
  std::vector<Row> started_slopes;     ///< likewise: the row of its slope, which becomes its gradient

  /// How many pixels of a line go through `pixels` together: an equal part of the line that fits a chunk and
  /// is made of whole blocks. 0: there is none long enough, or the parts would cost no less than the whole.
  std::size_t run_of(const Grid& grid) const;
};

/// The programs' edges are numbered as in `net`, whose inputs are those of the signature.
GridPrograms make_grid_programs(const Contraction& net, const Signature& signature);

}  // namespace skein
