#pragma once

#include <cstdint>
#include <vector>

#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

/// One flag per value of `lower(wiring)` (inputs, units layer by layer, outputs): some input reaches it
/// through existing weights.
std::vector<std::uint8_t> reached_from_inputs(const Wiring& wiring);

/// Likewise: it reaches some output.
std::vector<std::uint8_t> reaching_outputs(const Wiring& wiring);

/// Whether every output is reached by some input. A wiring that fails this is never worth writing.
bool connected(const Wiring& wiring);

}  // namespace skein::sgd
