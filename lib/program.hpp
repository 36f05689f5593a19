#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/contraction.hpp"
#include "lib/kernels.hpp"

namespace skein {

enum class ProgramKind : std::uint8_t {
  forward,   ///< outputs only: a row is used again as soon as nothing needs its value
  training,  ///< values, slopes and gradients
  perturbed  ///< values only, each keeping its row
};

/// The schedule of one tile: which rows are computed from which, in which order. Units of the same depth that
/// read the same values form a group, done by a dense kernel; a unit alone is a sparse row. Work is
/// proportional to edges.
struct Program {
  std::size_t tile = 0;         ///< samples per tile: tuned so that the rows fit the first-level cache
  std::uint32_t row_count = 0;  ///< rows of `tile` floats
  std::uint32_t accumulator_count = 0;  ///< gradients by contracted edges
  std::vector<Row> input_rows;          ///< one per input; no_row when nothing reads it
  std::vector<Row> output_rows;         ///< one per output
  std::vector<Row> seed_rows;           ///< where the gradient by each output goes (training)

  std::vector<UnitRows> units;         ///< in the order of the steps
  std::vector<std::uint32_t> unit_of;  ///< the contracted unit each entry of `units` is (perturbed)
  std::vector<RowSums> forward_steps;
  std::vector<BackwardStep> backward_steps;
  std::vector<Row> row_list;
  std::vector<std::uint32_t> packed_edges;  ///< per packed weight: its contracted edge; `unit_weight` means 1
  std::vector<std::uint32_t> accumulator_edges;  ///< per accumulator: its contracted edge, or `no_edge`

  static constexpr std::uint32_t unit_weight = 0xffffffffu, no_edge = 0xffffffffu;

  ForwardView forward() const {
    return {forward_steps.data(), forward_steps.size(), units.data(), row_list.data()};
  }
  BackwardView backward() const {
    return {backward_steps.data(), backward_steps.size(), units.data(), row_list.data()};
  }
  /// Fills `packed` (one float per entry of `packed_edges`) from the contracted edges' weights.
  void pack(std::span<const double> edge_weights, std::span<float> packed) const {
    for (std::size_t i = 0; i < packed_edges.size(); ++i)
      packed[i] = packed_edges[i] == unit_weight ? 1.0f : static_cast<float>(edge_weights[packed_edges[i]]);
  }
};

Program make_program(const Contraction& net, ProgramKind kind);

}  // namespace skein
