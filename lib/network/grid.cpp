#include "lib/network/grid.hpp"

#include <cmath>
#include <string>

#include "lib/base/error.hpp"

namespace skein {

namespace {
constexpr int largest_side = 16384;
}

void validate(const Grid& grid) {
  if (grid.width < 1 || grid.height < 1 || grid.width > largest_side || grid.height > largest_side)
    throw ConfigError("picture size " + std::to_string(grid.width) + " x " + std::to_string(grid.height) +
                      ": each side must be between 1 and " + std::to_string(largest_side));
  if (!(grid.extent > 0) || !std::isfinite(grid.extent))
    throw ConfigError("grid extent " + std::to_string(grid.extent) + ": must be positive and finite");
}

}  // namespace skein
