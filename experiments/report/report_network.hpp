#pragma once

#include <nlohmann/json.hpp>

#include "experiments/figures/network_view.hpp"

namespace skein::experiments {

/// A network as the report's page reads it (experiments/page/engine.js): structure and weights as base64 of
/// little-endian arrays, one entry per edge, and where each value stands.
nlohmann::ordered_json network_json(const NetworkView& view);

}  // namespace skein::experiments
