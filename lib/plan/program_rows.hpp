#pragma once

#include <cstdint>
#include <vector>

#include "lib/plan/program.hpp"
#include "lib/plan/unit_groups.hpp"

namespace skein {

/// Which row of a tile holds what.
struct ProgramRows {
  std::size_t tile = 0, stride = 0, chunk = 0;  ///< as in Program
  std::uint32_t count = 0;                      ///< rows
  std::vector<Row> value;  ///< one per kept value; no_row for an input that nothing reads
  std::vector<Row> slope;  ///< likewise, for training
  std::vector<Row> seeds;  ///< one per output, for training
};

ProgramRows lay_out_rows(const Contraction& net, const UnitGroups& wiring, ProgramKind kind);

}  // namespace skein
