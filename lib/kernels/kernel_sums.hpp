// Weighted sums of rows, forward and backward. Included only by the kernels (see lib/kernels/simd.hpp). R rows by V
// registers of samples are kept in registers while the sources stream past.
#pragma once

#include "lib/kernels/kernels.hpp"
#include "lib/kernels/simd_activation.hpp"

namespace skein::SKEIN_KERNELS {

/// Registers of samples a group of R rows is computed for at once: with few rows many, so that no sum waits
/// for itself.
template <int R>
inline constexpr int across = (R == 1   ? 16
                               : R <= 3 ? 8
                                        : 4) /
                              (registers == 32 ? 1 : 2);

/// What there is less of, weights or registers of samples, is held while the other streams past: else the
/// sums would not fit beside them.
template <int R, int V>
[[gnu::always_inline]] inline void add_term(Floats (&sum)[R][V], const float* weights, const float* source) {
  if constexpr (R > 1 && R < V) {
    Floats w[R];
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) w[r] = all(weights[r]);
#pragma GCC unroll 16
    for (int v = 0; v < V; ++v) {
      Floats x = load(source + v * lanes);
      keep_in_register(x);  // not read again from memory for each row
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) sum[r][v] = fma(w[r], x, sum[r][v]);
    }
  } else {
    Floats x[V];
#pragma GCC unroll 16
    for (int v = 0; v < V; ++v) x[v] = load(source + v * lanes);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const Floats w = all(weights[r]);
#pragma GCC unroll 16
      for (int v = 0; v < V; ++v) sum[r][v] = fma(w, x[v], sum[r][v]);
    }
  }
}

/// Four terms to a turn: the end of a loop of few turns is foreseen more often.
template <int R, int V>
inline void add_terms(Floats (&sum)[R][V], const float* weights, const Row* sources, std::size_t terms,
                      const float* column) {
  std::size_t k = 0;
  for (; k + 4 <= terms; k += 4, weights += 4 * R) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i)
      add_term(sum, weights + i * R, column + sources[k + static_cast<std::size_t>(i)]);
  }
  for (; k < terms; ++k, weights += R) add_term(sum, weights, column + sources[k]);
}

/// The terms that only some of the rows have; `weights` and `sources` start behind the common ones.
template <int R, int V>
inline void add_own_terms(Floats (&sum)[R][V], const UnitRows* units, const float* weights,
                          const Row* sources, const float* column) {
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
    const std::size_t own = units[r].own_terms;
    for (std::size_t k = 0; k < own; ++k) {
      const float* source = column + sources[k];
      const Floats w = all(weights[k]);
#pragma GCC unroll 16
      for (int v = 0; v < V; ++v) sum[r][v] = fma(w, load(source + v * lanes), sum[r][v]);
    }
    weights += own;
    sources += own;
  }
}

template <int R, int V>
inline void set_all(Floats (&sum)[R][V], const float* starts) {
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 16
    for (int v = 0; v < V; ++v) sum[r][v] = all(starts[r]);
}

inline constexpr float zeros[widest_group] = {};

/// Forward: writes the sums into the units' value rows.
template <int R, int V>
inline void forward_columns(const RowSums& step, const UnitRows* units, const Row* sources,
                            const float* weights, const float* starts, float* column) {
  Floats sum[R][V];
  set_all(sum, starts);
  add_terms(sum, weights, sources, step.terms, column);
  if constexpr (R > 1) add_own_terms(sum, units, weights + step.terms * R, sources + step.terms, column);
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
  set_all(sum, zeros);
  add_terms(sum, weights, sources, step.terms, column);
  if constexpr (R > 1) add_own_terms(sum, units, weights + step.terms * R, sources + step.terms, column);
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
  const float* starts;
  float* rows;
  template <int V>
  void run(std::size_t p) const {
    if constexpr (backwards) backward_columns<R, V>(step, units, sources, weights, rows + p);
    else forward_columns<R, V>(step, units, sources, weights, starts, rows + p);
  }
};

template <int R, bool backwards>
inline void sums_of(const RowSums& step, const SumsView& program, const float* weights, float* rows,
                    std::size_t samples) {
  over_samples<across<R>>(
      samples, SumColumns<R, backwards>{step, program.units + step.first_unit,
                                        program.row_list + step.first_row, weights + step.first_weight,
                                        program.starts ? program.starts + step.first_unit : zeros, rows});
}

template <bool backwards>
inline void sums(const RowSums& step, const SumsView& program, const float* weights, float* rows,
                 std::size_t samples) {
  switch (step.units) {
    case 1:
      return sums_of<1, backwards>(step, program, weights, rows, samples);
    case 2:
      return sums_of<2, backwards>(step, program, weights, rows, samples);
    case 3:
      return sums_of<3, backwards>(step, program, weights, rows, samples);
    case 4:
      return sums_of<4, backwards>(step, program, weights, rows, samples);
    case 5:
      return sums_of<5, backwards>(step, program, weights, rows, samples);
    default:
      return sums_of<6, backwards>(step, program, weights, rows, samples);
  }
}

/// Calls `run(rows, samples)` for each chunk of the samples.
template <class Run>
inline void by_chunks(std::size_t chunk, float* rows, std::size_t samples, const Run& run) {
  const TinyIsZero tiny;
  for (; samples > chunk; rows += chunk, samples -= chunk) run(rows, chunk);
  run(rows, samples);
}

inline void forward(const SumsView& program, const float* weights, float* all_rows, std::size_t all_samples) {
  by_chunks(program.chunk, all_rows, all_samples, [&](float* rows, std::size_t samples) {
    for (std::size_t i = 0; i < program.count; ++i) {
      const RowSums& step = program.steps[i];
      sums<false>(step, program, weights, rows, samples);
      const UnitRows* units = program.units + step.first_unit;
      for (std::uint32_t r = 0, end = 0; r < step.units; r = end) {
        while (end < step.units && units[end].activation == units[r].activation) ++end;
        activate_rows(units + r, end - r, rows, samples);
      }
    }
  });
}

inline void backward(const SumsView& program, const float* weights, float* all_rows,
                     std::size_t all_samples) {
  by_chunks(program.chunk, all_rows, all_samples, [&](float* rows, std::size_t samples) {
    for (std::size_t i = 0; i < program.count; ++i)
      sums<true>(program.steps[i], program, weights, rows, samples);
  });
}

}  // namespace skein::SKEIN_KERNELS
