#include "lib/engine/sample_rows.hpp"

#include <algorithm>
#include <string>

#include "lib/base/error.hpp"

namespace skein {

SampleRows::SampleRows(const Network& network, const SampleSource& source, bool by_columns)
    : count_(sample_count(source)), by_columns_(by_columns) {
  const auto* rows = std::get_if<TableSubset>(&source);
  if (const auto* table = rows ? rows->table.get() : std::get_if<SampleTable>(&source); table || rows) {
    if (!table) throw ConfigError("samples: a subset without a table");
    if (table->inputs != network.input_count() ||
        table->values.size() != table->count * static_cast<std::size_t>(table->inputs))
      throw ConfigError("samples: a table of " + std::to_string(table->inputs) + " inputs and " +
                        std::to_string(table->values.size()) + " values, the network has " +
                        std::to_string(network.input_count()) + " inputs and there are " +
                        std::to_string(table->count) + " samples");
    table_ = table->values.data();
    table_count_ = table->count;
    if (rows) choose(rows->samples, table_count_, "a table");
    return;
  }
  const auto* subset = std::get_if<PixelSubset>(&source);
  const Grid& grid = subset ? subset->grid : std::get<Grid>(source);
  validate(grid);
  if (subset) choose(subset->pixels, grid.pixels(), "a grid");
  for (const std::string& input : network.signature().inputs) {
    if (input == "x") channels_.push_back(Channel::x);
    else if (input == "y") channels_.push_back(Channel::y);
    else if (input == "d") channels_.push_back(Channel::d);
    else if (input == "bias") channels_.push_back(Channel::bias);
    else throw ConfigError("a picture grid has no input named '" + input + "'; it has x, y, d, bias");
  }
  column_x_.reserve(static_cast<std::size_t>(grid.width));
  row_y_.reserve(static_cast<std::size_t>(grid.height));
  for (int column = 0; column < grid.width; ++column) column_x_.push_back(static_cast<float>(grid.x(column)));
  for (int row = 0; row < grid.height; ++row) row_y_.push_back(static_cast<float>(grid.y(row)));
  if (by_columns_) std::swap(column_x_, row_y_);
}

void SampleRows::choose(const std::vector<std::uint32_t>& numbers, std::size_t whole, const char* what) {
  const auto outside = std::ranges::find_if(numbers, [&](std::uint32_t n) { return n >= whole; });
  if (outside != numbers.end())
    throw ConfigError("samples: number " + std::to_string(*outside) + " lies outside " + what + " of " +
                      std::to_string(whole));
  chosen_ = numbers.data();
}

void SampleRows::fill_coordinates(std::size_t first, std::size_t count, std::size_t step, float* x,
                                  float* y) const {
  const std::size_t width = column_x_.size();
  if (chosen_) {
    for (std::size_t p = 0; p < count; ++p) {
      const std::uint32_t pixel = chosen_[first + p], row = pixel / static_cast<std::uint32_t>(width);
      x[p] = column_x_[pixel - row * width];
      y[p] = row_y_[row];
    }
  } else if (step > 1) {
    for (std::size_t p = 0; p < count; ++p) {
      x[p] = column_x_[(first + p * step) % width];
      y[p] = row_y_[(first + p * step) / width];
    }
  } else {
    std::size_t row = first / width, column = first % width;
    for (std::size_t p = 0; p < count; ++row, column = 0) {
      const std::size_t run = std::min(width - column, count - p);
      std::copy_n(column_x_.data() + column, run, x + p);
      std::fill_n(y + p, run, row_y_[row]);
      p += run;
    }
  }
  std::fill(x + count, x + padded(count), x[count - 1]);
  std::fill(y + count, y + padded(count), y[count - 1]);
}

void SampleRows::fill(const Program& program, const Kernels& kernels, std::size_t first, std::size_t count,
                      float* rows, float* spare, std::size_t step) const {
  const auto row = [&](std::size_t input) { return rows + program.input_rows[input]; };
  const auto used = [&](std::size_t input) { return program.input_rows[input] != no_row; };
  if (table_) {
    for (std::size_t i = 0; i < program.input_rows.size(); ++i) {
      if (!used(i)) continue;
      const float* from = table_ + i * table_count_;
      if (chosen_)
        for (std::size_t p = 0; p < count; ++p) row(i)[p] = from[chosen_[first + p]];
      else std::copy_n(from + first, count, row(i));
      std::fill(row(i) + count, row(i) + padded(count), row(i)[count - 1]);
    }
    return;
  }
  float* x = spare;
  float* y = spare + program.tile;
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    if (channels_[i] == Channel::x && used(i)) x = row(i);
    if (channels_[i] == Channel::y && used(i)) y = row(i);
  }
  by_columns_ ? fill_coordinates(first, count, step, y, x) : fill_coordinates(first, count, step, x, y);
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    if (!used(i)) continue;
    if (channels_[i] == Channel::bias) std::fill_n(row(i), padded(count), 1.0f);
    else if (channels_[i] == Channel::d) kernels.distance(x, y, row(i), padded(count));
    else if (row(i) != x && row(i) != y)  // an input named twice
      std::copy_n(channels_[i] == Channel::x ? x : y, padded(count), row(i));
  }
}

}  // namespace skein
