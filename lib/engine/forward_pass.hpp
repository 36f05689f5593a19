#pragma once

#include "lib/base/parallel.hpp"
#include "lib/base/scratch.hpp"
#include "lib/engine/sample_rows.hpp"
#include "lib/engine/schedule.hpp"

namespace skein {

inline constexpr std::size_t spare_rows = 6;  ///< beyond the program's: coordinates, colours, targets

/// Computes a tile's values and returns the rows beyond the program's, for whoever uses the values.
inline float* forward_tile(const Program& program, const Kernels& kernels, const SampleRows& samples,
                           const float* packed, std::size_t first, std::size_t count, float* rows,
                           std::size_t step = 1) {
  float* spare = rows + program.row_count * program.stride;
  samples.fill(program, kernels, first, count, rows, spare, step);
  kernels.forward(program.forward(), packed, rows, SampleRows::padded(count));
  return spare;
}

inline std::size_t tile_floats(const Program& program) {
  return program.row_count * program.stride + spare_rows * program.tile;
}

/// Computes `count` samples from `offset` on and hands each tile to `consume(first, count, rows, spare)`,
/// from any thread.
template <class Consume>
void forward_pass(const Program& program, const Kernels& kernels, const SampleRows& samples,
                  std::span<const float> packed, const Consume& consume, std::size_t offset,
                  std::size_t total) {
  const Shards shards(total, program.tile);
  parallel_for(shards.count(), [&](std::size_t shard) {
    const Scratch scratch(tile_floats(program));
    shards.each_tile(shard, [&](std::size_t first, std::size_t count) {
      float* spare =
          forward_tile(program, kernels, samples, packed.data(), offset + first, count, scratch.data());
      consume(offset + first, count, scratch.data(), spare);
    });
  });
}

/// Computes all samples.
template <class Consume>
void forward_pass(const Program& program, const Kernels& kernels, const SampleRows& samples,
                  std::span<const float> packed, const Consume& consume) {
  forward_pass(program, kernels, samples, packed, consume, 0, samples.count());
}

/// Throws ConfigError unless the network has the three outputs of a picture.
void check_draws(const Network& network);

/// Colours of a tile's three outputs into a picture, from pixel `first` on. `spare`: three rows.
void colour_tile(std::size_t tile, std::span<const Row> outputs, const Kernels& kernels, const float* rows,
                 std::size_t first, std::size_t count, float* spare, Picture& picture);

}  // namespace skein
