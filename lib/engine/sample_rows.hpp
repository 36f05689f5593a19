#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lib/kernels/kernels.hpp"
#include "lib/network/network.hpp"
#include "lib/network/samples.hpp"
#include "lib/plan/program.hpp"

namespace skein {

/// Fills a tile's input rows from a sample source. Keeps the coordinates of a grid's columns and rows, not of
/// its pixels.
class SampleRows {
 public:
  /// Throws ConfigError when the source does not fit the network's inputs. A table is referred to, not
  /// copied.
  /// `by_columns`: the pixels of a grid come column by column.
  SampleRows(const Network& network, const SampleSource& source, bool by_columns = false);

  std::size_t count() const { return count_; }
  /// Samples [first, first + count) into the program's input rows, the last repeated up to a whole block.
  /// `spare`: two more rows. Of a grid also `count` samples each `step` after the one before.
  void fill(const Program& program, const Kernels& kernels, std::size_t first, std::size_t count, float* rows,
            float* spare, std::size_t step = 1) const;
  /// The number of sample `i` in the whole grid (in its order) or table that it is taken from.
  std::size_t whole_index(std::size_t i) const { return chosen_ ? chosen_[i] : i; }
  bool is_subset() const { return chosen_ != nullptr; }

  static std::size_t padded(std::size_t count) {
    return (count + sample_block - 1) / sample_block * sample_block;
  }

 private:
  enum class Channel : std::uint8_t { x, y, d, bias };
  void choose(const std::vector<std::uint32_t>& numbers, std::size_t whole, const char* what);
  void fill_coordinates(std::size_t first, std::size_t count, std::size_t step, float* x, float* y) const;

  std::size_t count_ = 0;
  const float* table_ = nullptr;
  std::size_t table_count_ = 0;            ///< samples of the whole table
  const std::uint32_t* chosen_ = nullptr;  ///< of a subset: numbers in the whole
  std::vector<Channel> channels_;
  bool by_columns_ = false;  ///< then the two below, and x and y, change places
  std::vector<float> column_x_, row_y_;
};

}  // namespace skein
