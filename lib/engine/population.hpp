#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "lib/engine/engine.hpp"

namespace skein {

/// One of many networks to be drawn once. Refers to its parts; they must outlive the call.
struct PopulationMember {
  const Network* network = nullptr;
  std::span<const float> weights;
};

/// Draws many different networks on one small grid, each once: plans are made the quick way and thrown away,
/// threads share the networks and not the pixels. `sink(i, picture)` is called once per network, from any
/// thread, in any order. Throws ConfigError as `draw` does.
void draw_population(std::span<const PopulationMember> members, const Grid& grid,
                     const std::function<void(std::size_t, Picture&&)>& sink);

}  // namespace skein
