#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lib/kernels.hpp"
#include "lib/network.hpp"
#include "lib/program.hpp"
#include "lib/samples.hpp"

namespace skein {

/// Fills a tile's input rows from a sample source. Keeps the coordinates of a grid's columns and rows, not of
/// its pixels.
class SampleRows {
 public:
  /// Throws ConfigError when the source does not fit the network's inputs. A table is referred to, not
  /// copied.
  SampleRows(const Network& network, const SampleSource& source);

  std::size_t count() const { return count_; }
  /// Samples [first, first + count) into the program's input rows, the last repeated up to a whole block.
  /// `spare`: two more rows.
  void fill(const Program& program, const Kernels& kernels, std::size_t first, std::size_t count, float* rows,
            float* spare) const;
  /// The pixel of sample `i` of a grid or subset.
  std::size_t pixel(std::size_t i) const { return pixels_ ? pixels_[i] : i; }

  static std::size_t padded(std::size_t count) {
    return (count + sample_block - 1) / sample_block * sample_block;
  }

 private:
  enum class Channel : std::uint8_t { x, y, d, bias };
  void fill_coordinates(std::size_t first, std::size_t count, float* x, float* y) const;

  std::size_t count_ = 0;
  const float* table_ = nullptr;
  const std::uint32_t* pixels_ = nullptr;
  std::vector<Channel> channels_;
  std::vector<float> column_x_, row_y_;
};

}  // namespace skein
