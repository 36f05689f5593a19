#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/kernels/kernels.hpp"
#include "lib/plan/contraction.hpp"

namespace skein {

enum class ProgramKind : std::uint8_t {
  forward,   ///< outputs only: a row is used again as soon as nothing needs its value
  training,  ///< values, slopes and gradients
  perturbed  ///< values only, each keeping its row
};

/// The schedule of one tile: which rows are computed from which, in which order. Units of the same depth that
/// read nearly the same values form a group, done by one kernel; what most of them read it multiplies by zero
/// for the others (which is exact as long as values are finite), where that costs less than to leave it out.
struct Program {
  std::size_t tile = 0;    ///< samples per tile
  std::size_t stride = 0;  ///< floats from a row to the next
  std::size_t chunk = 0;   ///< samples that go through all units together, so that rows stay near
  std::uint32_t row_count = 0;
  std::uint32_t accumulator_count = 0;  ///< gradients by contracted edges
  std::vector<Row> input_rows;          ///< one per input; no_row when nothing reads it
  std::vector<Row> output_rows;         ///< one per output
  std::vector<Row> seed_rows;           ///< where the gradient by each output goes (training)

  std::vector<UnitRows> units;         ///< in the order of the steps
  std::vector<std::uint32_t> unit_of;  ///< the contracted unit each entry of `units` is (perturbed)
  std::vector<RowSums> forward_steps;
  std::vector<RowSums> gradient_steps;  ///< gradients by the units' sums, from those of their consumers
  std::vector<EdgeSums> edge_steps;
  std::vector<Row> row_list;
  std::vector<std::uint32_t>
      packed_edges;  ///< per packed weight: its contracted edge, or one of the constants
  std::vector<std::uint32_t> accumulator_edges;  ///< per accumulator: its contracted edge, or `no_edge`

  static constexpr std::uint32_t zero_weight = 0xffffffffu, unit_weight = 0xfffffffeu, no_edge = 0xffffffffu;

  /// `starts`: one number per entry of `units`, or null.
  SumsView forward(const float* starts = nullptr) const {
    return {forward_steps.data(), forward_steps.size(), units.data(), row_list.data(), chunk, starts};
  }
  SumsView gradients() const {
    return {gradient_steps.data(), gradient_steps.size(), units.data(), row_list.data(), chunk, nullptr};
  }
  EdgesView edges() const { return {edge_steps.data(), edge_steps.size(), row_list.data()}; }
  /// Makes `packed` (one float per entry of `packed_edges`) from the contracted edges' weights.
  void pack(std::span<const double> edge_weights, std::vector<float>& packed) const {
    packed.resize(packed_edges.size());
    for (std::size_t i = 0; i < packed_edges.size(); ++i) {
      const std::uint32_t edge = packed_edges[i];
      packed[i] = edge < edge_weights.size() ? static_cast<float>(edge_weights[edge])
                                             : static_cast<float>(edge == unit_weight);
    }
  }
};

Program make_program(const Contraction& net, ProgramKind kind);

}  // namespace skein
