#pragma once

#include "experiments/targets/painting.hpp"

namespace skein::experiments {

/// Pictures of things by formula: no CPPN drew them, so nothing about them favours one.

/// A red cube beside a yellow sphere on a grey floor, ray-cast with one lamp and its shadows.
Paint cube_and_sphere(Spot spot);
/// A blue car from its side, on a road.
Paint car(Spot spot);
/// A cat that sits, of ellipses and triangles.
Paint cat(Spot spot);
/// An orange butterfly on white.
Paint butterfly(Spot spot);
/// The same butterfly over a meadow with flowers.
Paint butterfly_on_meadow(Spot spot);
/// Mountains, a forest, a lake and grass, with texture.
Paint landscape(Spot spot);

}  // namespace skein::experiments
