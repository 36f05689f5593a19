// What a tile's input rows are filled with: the coordinates of the definition, and behind them the last sample again.
#include "lib/engine/sample_rows.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "lib/base/error.hpp"
#include "tests/support/random_network.hpp"

using namespace skein;

namespace {

constexpr std::size_t tile = 2 * sample_block;
constexpr float untouched = -9;

using InputRows = std::vector<std::vector<float>>;

/// One row for each of the four inputs, of which `unused` has none in the program.
InputRows filled(const SampleRows& samples, std::size_t first, std::size_t count, std::size_t step = 1,
                 std::size_t unused = 4) {
  Program program;
  program.tile = tile;
  for (std::size_t i = 0; i < 4; ++i)
    program.input_rows.push_back(i == unused ? no_row : static_cast<Row>(i * tile));
  std::vector<float> memory(6 * tile, untouched);
  samples.fill(program, kernels(InstructionSet::baseline), first, count, memory.data(),
               memory.data() + 4 * tile, step);
  InputRows rows;
  for (std::size_t i = 0; i < 4; ++i)
    rows.emplace_back(memory.begin() + static_cast<std::ptrdiff_t>(i * tile),
                      memory.begin() + static_cast<std::ptrdiff_t>((i + 1) * tile));
  return rows;
}

/// Whether the rows hold these pixels of the grid, in order, the last again up to a whole block, and nothing after.
void check_pixels(const InputRows& rows, const Grid& grid, const std::vector<std::size_t>& pixels) {
  const std::size_t end = SampleRows::padded(pixels.size());
  for (std::size_t p = 0; p < tile; ++p) {
    CAPTURE(p);
    if (p >= end) {
      for (const auto& row : rows) CHECK(row[p] == untouched);
      continue;
    }
    const auto pixel = static_cast<int>(pixels[std::min(p, pixels.size() - 1)]);
    const double x = grid.x(pixel % grid.width), y = grid.y(pixel / grid.width);
    CHECK(rows[0][p] == static_cast<float>(x));
    CHECK(rows[1][p] == static_cast<float>(y));
    CHECK(rows[2][p] == doctest::Approx(distance_scale * std::sqrt(x * x + y * y)).epsilon(1e-6));
    CHECK(rows[3][p] == 1.0f);
  }
}

}  // namespace

TEST_CASE("rows of a grid hold its coordinates, line by line, with steps or column by column") {
  const Network network = test::random_network(1, 6);  // reads x, y, d, bias
  const Grid grid{7, 13};
  const SampleRows samples(network, grid);
  CHECK(samples.count() == 91);
  CHECK(SampleRows::padded(1) == sample_block);
  CHECK(SampleRows::padded(sample_block) == sample_block);
  CHECK(SampleRows::padded(sample_block + 1) == 2 * sample_block);
  const std::vector<std::pair<std::size_t, std::size_t>> pieces{{0, 91}, {5, 64}, {20, 65}, {90, 1}};
  for (const auto& piece : pieces) {
    const std::size_t first = piece.first, count = piece.second;
    CAPTURE(first);
    std::vector<std::size_t> pixels;
    for (std::size_t p = 0; p < count; ++p) pixels.push_back(first + p);
    check_pixels(filled(samples, first, count), grid, pixels);
  }
  std::vector<std::size_t> every_seventh, by_columns;
  for (std::size_t row = 0; row < 13; ++row) every_seventh.push_back(3 + 7 * row);
  check_pixels(filled(samples, 3, 13, 7), grid, every_seventh);
  for (std::size_t column = 0; column < 7; ++column)
    for (std::size_t row = 0; row < 13; ++row) by_columns.push_back(row * 7 + column);
  check_pixels(filled(SampleRows(network, grid, true), 0, 91), grid, by_columns);
}

TEST_CASE("rows of chosen pixels and of tables hold those, and an input that nothing reads has none") {
  const Network network = test::random_network(1, 6);
  const Grid grid{7, 13};
  const SampleSource subset = PixelSubset{grid, {90, 0, 45, 45, 6}};
  const SampleRows chosen(network, subset);
  CHECK(chosen.is_subset());
  CHECK(chosen.whole_index(2) == 45);
  check_pixels(filled(chosen, 0, 5), grid, {90, 0, 45, 45, 6});
  check_pixels(filled(chosen, 1, 2), grid, {0, 45});
  const InputRows without_y = filled(chosen, 0, 5, 1, 1);
  CHECK(without_y[1] == std::vector<float>(tile, untouched));
  CHECK(without_y[2] == filled(chosen, 0, 5)[2]);  // the distance knows y all the same

  const auto table =
      std::make_shared<SampleTable>(SampleTable{4, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}});
  const SampleSource rows_of_table = TableSubset{table, {2, 0}};
  const InputRows two = filled(SampleRows(network, rows_of_table), 0, 2);
  CHECK(two[3][0] == 12);
  CHECK(two[3][1] == 10);
  CHECK(two[3][sample_block - 1] == 10);
  CHECK(two[3][sample_block] == untouched);
  CHECK_THROWS_AS(SampleRows(network, TableSubset{table, {3}}), ConfigError);
  CHECK_THROWS_AS(SampleRows(network, TableSubset{nullptr, {0}}), ConfigError);
}
