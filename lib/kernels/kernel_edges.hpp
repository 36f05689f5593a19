// Gradients by edges: sums over a tile of a source's value times its consumer's gradient. Included only by
// the kernels (see lib/kernels/simd.hpp). Every sum stays in registers for the whole tile; its lanes are added up
// once.
#pragma once

#include "lib/kernels/kernel_sums.hpp"

namespace skein::SKEIN_KERNELS {

/// All edges between R consumers and C sources.
template <int R, int C>
inline void edge_products(const Row* consumers, const Row* sources, const float* rows, float* accumulators,
                          std::size_t samples) {
  Floats product[C * R];
#pragma GCC unroll 32
  for (int i = 0; i < C * R; ++i) product[i] = Floats{};
  for (std::size_t p = 0; p < samples; p += lanes) {
    Floats g[R];
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) g[r] = load(rows + p + consumers[r]);
#pragma GCC unroll 16
    for (int c = 0; c < C; ++c) {
      const Floats x = load(rows + p + sources[c]);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) product[c * R + r] = fma(g[r], x, product[c * R + r]);
    }
  }
  add_lane_sums(product, accumulators);
}

/// How many sources R consumers are paired with at once: the products fill three quarters of the registers.
template <int R>
inline constexpr int sources_together = registers == 32 ? (R <= 3   ? 8
                                                           : R == 4 ? 6
                                                           : R == 5 ? 5
                                                                    : 4)
                                                        : (R <= 3 ? 4 : 2);

/// A block of `left` sources, at most C.
template <int R, int C>
inline void last_edge_products(std::size_t left, const Row* consumers, const Row* sources, const float* rows,
                               float* accumulators, std::size_t samples) {
  if constexpr (C > 0) {
    if (left == C) edge_products<R, C>(consumers, sources, rows, accumulators, samples);
    else last_edge_products<R, C - 1>(left, consumers, sources, rows, accumulators, samples);
  }
}

template <int R>
inline void edges_of(const EdgeSums& step, const Row* row_list, const float* rows, float* accumulators,
                     std::size_t samples) {
  constexpr std::size_t C = sources_together<R>;
  const Row* consumers = row_list + step.first_row;
  const Row* sources = consumers + R;
  const std::size_t blocks = (step.terms + C - 1) / C;  // of nearly equal size
  for (std::size_t b = 0, k = 0; b < blocks; ++b) {
    const std::size_t end = (b + 1) * step.terms / blocks;
    last_edge_products<R, C>(end - k, consumers, sources + k, rows, accumulators + k * R, samples);
    k = end;
  }
}

inline void edges(const EdgesView& program, const float* rows, float* accumulators, std::size_t samples) {
  const TinyIsZero tiny;
  for (std::size_t i = 0; i < program.count; ++i) {
    const EdgeSums& step = program.steps[i];
    float* places = accumulators + step.first_accumulator;
    switch (step.units) {
      case 1:
        edges_of<1>(step, program.row_list, rows, places, samples);
        break;
      case 2:
        edges_of<2>(step, program.row_list, rows, places, samples);
        break;
      case 3:
        edges_of<3>(step, program.row_list, rows, places, samples);
        break;
      case 4:
        edges_of<4>(step, program.row_list, rows, places, samples);
        break;
      case 5:
        edges_of<5>(step, program.row_list, rows, places, samples);
        break;
      default:
        edges_of<6>(step, program.row_list, rows, places, samples);
    }
  }
}

inline void row_sums(const Row* list, std::size_t count, const float* rows, std::size_t samples,
                     float* sums) {
  constexpr std::size_t together = 8;
  for (std::size_t first = 0; first < count; first += together) {
    const float* from[together];
    for (std::size_t i = 0; i < together; ++i)
      from[i] = rows + list[first + i < count ? first + i : count - 1];
    Floats sum[together] = {};
    for (std::size_t p = 0; p < samples; p += lanes)
#pragma GCC unroll 8
      for (std::size_t i = 0; i < together; ++i) sum[i] += load(from[i] + p);
#pragma GCC unroll 2
    for (std::size_t i = 0; i < together; i += 4)
      if (first + i < count)
        *reinterpret_cast<FourInMemory*>(sums + first + i) =
            lane_sums(sum[i], sum[i + 1], sum[i + 2], sum[i + 3]);
  }
}

}  // namespace skein::SKEIN_KERNELS
