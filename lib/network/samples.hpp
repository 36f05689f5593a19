#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "lib/network/grid.hpp"

namespace skein {

/// Explicit inputs, shape (inputs, count): the four cases of XOR, the states of a pole.
struct SampleTable {
  int inputs = 0;
  std::size_t count = 0;
  std::vector<float> values;
};

/// Some pixels of a grid, in the order listed: a patch, a random subsample.
struct PixelSubset {
  Grid grid;
  std::vector<std::uint32_t> pixels;
};

/// Where a network is evaluated. On grids the inputs are filled by name (x, y, d, bias); a table gives them
/// in the signature's order.
using SampleSource = std::variant<Grid, PixelSubset, SampleTable>;

std::size_t sample_count(const SampleSource& source);

}  // namespace skein
