#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
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

/// Some samples of a table, in the order listed: a minibatch. The table is shared, not copied.
struct TableSubset {
  std::shared_ptr<const SampleTable> table;
  std::vector<std::uint32_t> samples;
};

/// Where a network is evaluated. On grids the inputs are filled by name (x, y, d, bias); a table gives them
/// in the signature's order.
using SampleSource = std::variant<Grid, PixelSubset, SampleTable, TableSubset>;

std::size_t sample_count(const SampleSource& source);

/// Whether it is some samples of a grid or a table.
bool is_subset(const SampleSource& source);

/// Samples of what a subset was taken from: the pixels of its grid, the samples of its table. Of a whole
/// source, its own.
std::size_t whole_count(const SampleSource& source);

/// Other samples of the same grid or table, by their numbers in the whole. Whether they exist is checked where
/// the source is used.
SampleSource subset_of(const SampleSource& source, std::vector<std::uint32_t> samples);

}  // namespace skein
