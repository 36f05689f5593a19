// Weighted sums of rows, forward and backward, and the products that give gradients by edges. Included only
// by the kernels (see lib/simd.hpp). R rows by V registers of samples are kept in registers while the sources
// stream past.
#pragma once

#include "lib/kernels.hpp"
#include "lib/simd_activation.hpp"

namespace skein::SKEIN_KERNELS {

/// Registers of samples a group of R rows is computed for at once. A sparse row takes many, because its
/// number of terms is hard to predict for the machine.
template <int R>
inline constexpr int across = registers == 32 ? (R == 1   ? 16
                                                 : R == 2 ? 8
                                                          : 4)
                                              : (R == 1   ? 8
                                                 : R == 2 ? 4
                                                          : 2);

template <int R, int V>
inline void add_terms(Floats (&sum)[R][V], const float* weights, const Row* sources, std::size_t terms,
                      const float* column) {
  for (std::size_t k = 0; k < terms; ++k) {
    const float* source = column + sources[k];
    Floats x[V];
#pragma GCC unroll 16
    for (int v = 0; v < V; ++v) x[v] = load(source + v * lanes);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const Floats w = all(weights[k * R + static_cast<std::size_t>(r)]);
#pragma GCC unroll 16
      for (int v = 0; v < V; ++v) sum[r][v] = fma(w, x[v], sum[r][v]);
    }
  }
}

template <int R, int V>
inline void clear(Floats (&sum)[R][V]) {
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 16
    for (int v = 0; v < V; ++v) sum[r][v] = Floats{};
}

/// Forward: writes the sums into the units' value rows.
template <int R, int V>
inline void forward_columns(const RowSums& step, const UnitRows* units, const Row* sources,
                            const float* weights, float* column) {
  Floats sum[R][V];
  clear(sum);
  add_terms(sum, weights, sources, step.terms, column);
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 16
    for (int v = 0; v < V; ++v) store(column + units[r].value + v * lanes, sum[r][v]);
}

/// Backward: multiplies the sums into the units' slopes; a linear unit's slope is not stored.
template <int R, int V>
inline void backward_columns(const RowSums& step, const UnitRows* units, const Row* sources,
                             const float* weights, float* column) {
  Floats sum[R][V];
  clear(sum);
  add_terms(sum, weights, sources, step.terms, column);
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
    float* slope = column + units[r].slope;
    const bool linear = units[r].activation == Activation::identity;
#pragma GCC unroll 16
    for (int v = 0; v < V; ++v)
      store(slope + v * lanes, linear ? sum[r][v] : sum[r][v] * load(slope + v * lanes));
  }
}

/// Runs `columns` over a row from sample `p` on, V registers at a time, and half as many for what is left.
template <int V, class Columns>
inline void over_samples(std::size_t samples, const Columns& columns, std::size_t p = 0) {
  for (; p + V * lanes <= samples; p += V * lanes) columns.template run<V>(p);
  if constexpr (V * lanes > static_cast<int>(sample_block))
    if (p < samples) over_samples<V / 2>(samples, columns, p);
}

template <int R, bool backwards>
struct SumColumns {
  const RowSums& step;
  const UnitRows* units;
  const Row* sources;
  const float* weights;
  float* rows;
  template <int V>
  void run(std::size_t p) const {
    if constexpr (backwards) backward_columns<R, V>(step, units, sources, weights, rows + p);
    else forward_columns<R, V>(step, units, sources, weights, rows + p);
  }
};

template <int R, bool backwards>
inline void sums_of(const RowSums& step, const UnitRows* units, const Row* row_list, const float* weights,
                    float* rows, std::size_t samples) {
  over_samples<across<R>>(samples,
                          SumColumns<R, backwards>{step, units + step.first_unit, row_list + step.first_row,
                                                   weights + step.first_weight, rows});
}

template <bool backwards>
inline void sums(const RowSums& step, const UnitRows* units, const Row* row_list, const float* weights,
                 float* rows, std::size_t samples) {
  switch (step.units) {
    case 1:
      return sums_of<1, backwards>(step, units, row_list, weights, rows, samples);
    case 2:
      return sums_of<2, backwards>(step, units, row_list, weights, rows, samples);
    case 3:
      return sums_of<3, backwards>(step, units, row_list, weights, rows, samples);
    case 4:
      return sums_of<4, backwards>(step, units, row_list, weights, rows, samples);
    case 5:
      return sums_of<5, backwards>(step, units, row_list, weights, rows, samples);
    default:
      return sums_of<6, backwards>(step, units, row_list, weights, rows, samples);
  }
}

/// One sparse unit backward: its value and its gradient stay in registers while its consumers' gradients pass
/// once, each giving its share of the unit's gradient and the gradient by its edge.
struct SparseColumns {
  const BackwardStep& step;
  const UnitRows& unit;
  const Row* consumers;
  const float* weights;
  float* rows;
  float* accumulators;
  bool gradient_wanted;

  template <int V>
  void run(std::size_t p) const {
    Floats sum[1][V];
    const float* value = rows + p + unit.value;
    clear(sum);
    const std::size_t weighted = step.weighted;
    for (std::size_t k = 0; k < weighted; ++k) {
      const float* g = rows + p + consumers[k];
      float* place = accumulators + k * lanes;
      Floats product = load(place);
      const Floats w = all(weights[k]);
#pragma GCC unroll 16
      for (int v = 0; v < V; ++v) {
        const Floats x = load(g + v * lanes);
        if (gradient_wanted) sum[0][v] = fma(w, x, sum[0][v]);
        product = fma(x, load(value + v * lanes), product);
      }
      store(place, product);
    }
    if (!gradient_wanted) return;
    add_terms(sum, weights + weighted, consumers + weighted, step.sums.terms - weighted, rows + p);
    float* slope = rows + p + unit.slope;
    const bool linear = unit.activation == Activation::identity;
#pragma GCC unroll 16
    for (int v = 0; v < V; ++v)
      store(slope + v * lanes, linear ? sum[0][v] : sum[0][v] * load(slope + v * lanes));
  }
};

/// Gradients by the edges between R consumers and C sources, accumulated over the tile's samples.
template <int R, int C>
inline void edge_products(const UnitRows* consumers, const Row* sources, const float* rows,
                          float* accumulators, std::size_t samples) {
  Floats product[C][R];
#pragma GCC unroll 16
  for (int c = 0; c < C; ++c)
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) product[c][r] = load(accumulators + (c * R + r) * lanes);
  for (std::size_t p = 0; p < samples; p += lanes) {
    Floats g[R];
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) g[r] = load(rows + p + consumers[r].slope);
#pragma GCC unroll 16
    for (int c = 0; c < C; ++c) {
      const Floats x = load(rows + p + sources[c]);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) product[c][r] = fma(g[r], x, product[c][r]);
    }
  }
#pragma GCC unroll 16
  for (int c = 0; c < C; ++c)
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) store(accumulators + (c * R + r) * lanes, product[c][r]);
}

template <int R>
inline void dense_edges_of(const RowSums& step, const UnitRows* units, const Row* row_list, const float* rows,
                           float* accumulators, std::size_t samples) {
  constexpr int C = registers == 32 ? (R <= 3 ? 8 : 4) : (R <= 3 ? 4 : 2);
  const UnitRows* consumers = units + step.first_unit;
  const Row* sources = row_list + step.first_row;
  std::size_t k = 0;
  for (; k + C <= step.terms; k += C)
    edge_products<R, C>(consumers, sources + k, rows, accumulators + k * R * lanes, samples);
  if constexpr (C >= 4)
    for (; k + C / 2 <= step.terms; k += C / 2)
      edge_products<R, C / 2>(consumers, sources + k, rows, accumulators + k * R * lanes, samples);
  for (; k < step.terms; ++k)
    edge_products<R, 1>(consumers, sources + k, rows, accumulators + k * R * lanes, samples);
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

inline void forward(const ForwardView& program, const float* weights, float* rows, std::size_t samples) {
  const TinyIsZero tiny;
  for (std::size_t i = 0; i < program.count; ++i) {
    const RowSums& step = program.steps[i];
    sums<false>(step, program.units, program.row_list, weights, rows, samples);
    for (std::uint32_t r = 0; r < step.units; ++r) {
      const UnitRows& unit = program.units[step.first_unit + r];
      activate_row(unit.activation, rows + unit.value, unit.slope == no_row ? nullptr : rows + unit.slope,
                   samples);
    }
  }
}

inline void backward(const BackwardView& program, const float* weights, float* rows, float* accumulators,
                     std::size_t samples) {
  const TinyIsZero tiny;
  for (std::size_t i = 0; i < program.count; ++i) {
    const BackwardStep& step = program.steps[i];
    float* places = accumulators + static_cast<std::size_t>(step.first_accumulator) * lanes;
    if (step.kind == BackwardKind::sums) {
      sums<true>(step.sums, program.units, program.row_list, weights, rows, samples);
    } else if (step.kind == BackwardKind::dense_edges) {
      dense_edges(step.sums, program.units, program.row_list, rows, places, samples);
    } else {
      constexpr int V = registers == 32 ? 16 : 8;
      over_samples<V>(
          samples,
          SparseColumns{step, program.units[step.sums.first_unit], program.row_list + step.sums.first_row,
                        weights + step.sums.first_weight, rows, places, step.kind == BackwardKind::sparse});
    }
  }
}

}  // namespace skein::SKEIN_KERNELS
