// Gradients by edges: sums over a tile of a source's value times its consumer's gradient. Included only by
// the kernels (see lib/simd.hpp). Every sum stays in registers for the whole tile; its lanes are added up
// once.
#pragma once

#include "lib/kernel_sums.hpp"

namespace skein::SKEIN_KERNELS {

/// One sparse unit backward: its gradient stays in registers while its consumers' gradients pass once, E at a
/// time, each giving its share of the unit's gradient and the gradient by its edge.
template <bool gradient_wanted>
struct SparseColumns {
  const BackwardStep& step;
  const UnitRows& unit;
  const Row* consumers;
  const float* weights;
  float* rows;
  float* accumulators;

  template <int V, int E>
  void pass(Floats (&sum)[1][V], std::size_t k, std::size_t p) const {
    const float* value = rows + p + unit.value;
    const float* gradient[E];
    Floats w[E], product[E];
#pragma GCC unroll 4
    for (int e = 0; e < E; ++e) {
      const std::size_t at = k + static_cast<std::size_t>(e);
      gradient[e] = rows + p + consumers[at];
      w[e] = all(weights[at]);
      product[e] = Floats{};
    }
#pragma GCC unroll 16
    for (int v = 0; v < V; ++v) {
      const Floats y = load(value + v * lanes);
#pragma GCC unroll 4
      for (int e = 0; e < E; ++e) {
        const Floats g = load(gradient[e] + v * lanes);
        if constexpr (gradient_wanted) sum[0][v] = fma(w[e], g, sum[0][v]);
        product[e] = fma(g, y, product[e]);
      }
    }
    add_lane_sums(product, accumulators + k);
  }

  template <int V>
  void run(std::size_t p) const {
    Floats sum[1][V];
    clear(sum);
    const std::size_t weighted = step.weighted;
    std::size_t k = 0;
    for (; k + 4 <= weighted; k += 4) pass<V, 4>(sum, k, p);
    if (k + 2 <= weighted) {
      pass<V, 2>(sum, k, p);
      k += 2;
    }
    if (k < weighted) pass<V, 1>(sum, k, p);
    if constexpr (gradient_wanted) {
      add_terms(sum, weights + weighted, consumers + weighted, step.sums.terms - weighted, rows + p);
      float* slope = rows + p + unit.slope;
      const bool linear = unit.activation == Activation::identity;
#pragma GCC unroll 16
      for (int v = 0; v < V; ++v)
        store(slope + v * lanes, linear ? sum[0][v] : sum[0][v] * load(slope + v * lanes));
    }
  }
};

template <bool gradient_wanted>
inline void sparse(const BackwardStep& step, const BackwardView& program, const float* weights, float* rows,
                   float* accumulators, std::size_t samples) {
  over_samples<registers == 32 ? 16 : 8>(
      samples, SparseColumns<gradient_wanted>{step, program.units[step.sums.first_unit],
                                              program.row_list + step.sums.first_row,
                                              weights + step.sums.first_weight, rows, accumulators});
}

/// All edges between R consumers and C sources.
template <int R, int C>
inline void edge_products(const UnitRows* consumers, const Row* sources, const float* rows,
                          float* accumulators, std::size_t samples) {
  Floats product[C * R];
#pragma GCC unroll 32
  for (int i = 0; i < C * R; ++i) product[i] = Floats{};
  for (std::size_t p = 0; p < samples; p += lanes) {
    Floats g[R];
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) g[r] = load(rows + p + consumers[r].slope);
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

template <int R>
inline void dense_edges_of(const RowSums& step, const UnitRows* units, const Row* row_list, const float* rows,
                           float* accumulators, std::size_t samples) {
  constexpr int C = sources_together<R>;
  const UnitRows* consumers = units + step.first_unit;
  const Row* sources = row_list + step.first_row;
  std::size_t k = 0;
  for (; k + C <= step.terms; k += C)
    edge_products<R, C>(consumers, sources + k, rows, accumulators + k * R, samples);
  if constexpr (C >= 4)
    for (; k + C / 2 <= step.terms; k += C / 2)
      edge_products<R, C / 2>(consumers, sources + k, rows, accumulators + k * R, samples);
  for (; k < step.terms; ++k)
    edge_products<R, 1>(consumers, sources + k, rows, accumulators + k * R, samples);
}

inline void dense_edges(const RowSums& step, const UnitRows* units, const Row* row_list, const float* rows,
                        float* accumulators, std::size_t samples) {
  switch (step.units) {
    case 1:
      return dense_edges_of<1>(step, units, row_list, rows, accumulators, samples);
    case 2:
      return dense_edges_of<2>(step, units, row_list, rows, accumulators, samples);
    case 3:
      return dense_edges_of<3>(step, units, row_list, rows, accumulators, samples);
    case 4:
      return dense_edges_of<4>(step, units, row_list, rows, accumulators, samples);
    case 5:
      return dense_edges_of<5>(step, units, row_list, rows, accumulators, samples);
    default:
      return dense_edges_of<6>(step, units, row_list, rows, accumulators, samples);
  }
}

inline void backward(const BackwardView& program, const float* weights, float* rows, float* accumulators,
                     std::size_t samples) {
  const TinyIsZero tiny;
  for (std::size_t i = 0; i < program.count; ++i) {
    const BackwardStep& step = program.steps[i];
    float* places = accumulators + step.first_accumulator;
    if (step.kind == BackwardKind::sums) {
      sums<true>(step.sums, program.units, program.row_list, weights, rows, samples);
    } else if (step.kind == BackwardKind::dense_edges) {
      dense_edges(step.sums, program.units, program.row_list, rows, places, samples);
    } else if (step.kind == BackwardKind::sparse) {
      sparse<true>(step, program, weights, rows, places, samples);
    } else {
      sparse<false>(step, program, weights, rows, places, samples);
    }
  }
}

}  // namespace skein::SKEIN_KERNELS
