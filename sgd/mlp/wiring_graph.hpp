#pragma once

#include <cstdint>
#include <vector>

#include "lib/graph/directed_graph.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

/// The existing weights of a wiring as edges between the values of `lower(wiring)`: the inputs, the units
/// layer by layer, the outputs.
DirectedGraph graph_of(const Wiring& wiring);

/// One flag per value: some input reaches it through existing weights.
std::vector<std::uint8_t> reached_from_inputs(const Wiring& wiring);

/// Likewise: it reaches some output.
std::vector<std::uint8_t> reaching_outputs(const Wiring& wiring);

/// Whether every output is reached by some input. A wiring that fails this is never worth writing.
bool connected(const Wiring& wiring);

/// Which units take part: fed by an input through existing weights, and read by an output.
struct Liveness {
  std::vector<std::vector<std::uint8_t>> hidden;  ///< as Wiring::hidden
  std::vector<std::uint8_t> outputs;              ///< fed by an input
  int units() const;                              ///< hidden units alive
  int outputs_reached() const;
};
Liveness liveness(const Wiring& wiring);

}  // namespace skein::sgd
