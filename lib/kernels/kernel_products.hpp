// Weighted products and sums of maps in double precision. Included only by the kernels (see lib/kernels/simd.hpp).
#pragma once

#include "lib/kernels/simd.hpp"

namespace skein::SKEIN_KERNELS {

/// sums[r * stride + c] += sum over the samples of rows[r] * columns[c], for the first `filled_rows` and
/// `filled_columns`; the others are pointed at something too, and left out.
template <int R, int C>
inline void add_products(const double* const (&rows)[R], const double* const (&columns)[C],
                         std::size_t samples, std::size_t filled_rows, std::size_t filled_columns,
                         double* sums, std::size_t stride) {
  constexpr std::size_t step = lanes / 2;
  Doubles product[R * C] = {};
  std::size_t p = 0;
  for (; p + step <= samples; p += step) {
    Doubles x[C];
#pragma GCC unroll 8
    for (int c = 0; c < C; ++c) x[c] = load(columns[c] + p);
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) {
      const Doubles g = load(rows[r] + p);
#pragma GCC unroll 8
      for (int c = 0; c < C; ++c) product[r * C + c] = fma(g, x[c], product[r * C + c]);
    }
  }
  for (std::size_t r = 0; r < filled_rows; ++r)
    for (std::size_t c = 0; c < filled_columns; ++c) {
      double sum = total(product[r * C + c]);
      for (std::size_t rest = p; rest < samples; ++rest) sum += rows[r][rest] * columns[c][rest];
      sums[r * stride + c] += sum;
    }
}

inline void products(const double* const* maps, std::size_t count, const double* weights, std::size_t samples,
                     double* sums) {
  constexpr std::size_t block = 256;                 // samples whose weighted rows stay in the nearest cache
  constexpr int R = 4, C = registers == 32 ? 4 : 2;  // the products fill half of the registers
  double weighted[R][block];
  for (std::size_t i = 0; i < count * count; ++i) sums[i] = 0;
  for (std::size_t first = 0; first < samples; first += block) {
    const std::size_t here = samples - first < block ? samples - first : block;
    for (std::size_t i = 0; i < count; i += R) {
      const std::size_t filled_rows = count - i < R ? count - i : R;
      const double* rows[R];
      for (std::size_t r = 0; r < R; ++r) {
        rows[r] = weighted[r < filled_rows ? r : 0];
        if (r >= filled_rows) continue;
        const double* map = maps[i + r] + first;
        for (std::size_t p = 0; p < here; ++p) weighted[r][p] = map[p] * weights[first + p];
      }
      for (std::size_t j = 0; j < i + filled_rows; j += C) {
        const std::size_t filled_columns = count - j < C ? count - j : C;
        const double* columns[C];
        for (std::size_t c = 0; c < C; ++c) columns[c] = maps[j + (c < filled_columns ? c : 0)] + first;
        add_products<R, C>(rows, columns, here, filled_rows, filled_columns, sums + i * count + j, count);
      }
    }
  }
}

/// Weighted sums of maps, for R sums that share their terms: V registers of samples at a time.
template <int R, int V>
inline void add_up(const double* const* maps, std::size_t terms, const double* weights, std::size_t units,
                   double* const* out, std::size_t first, std::size_t last) {
  constexpr std::size_t step = lanes / 2;
  for (std::size_t p = first; p < last; p += V * step) {
    Doubles sum[R * V] = {};
    for (std::size_t k = 0; k < terms; ++k) {
      Doubles x[V];
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) x[v] = load(maps[k] + p + static_cast<std::size_t>(v) * step);
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) {
        const Doubles w = all(weights[k * units + static_cast<std::size_t>(r)]);
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) sum[r * V + v] = fma(w, x[v], sum[r * V + v]);
      }
    }
    for (int r = 0; r < R; ++r)
      for (int v = 0; v < V; ++v) store(out[r] + p + static_cast<std::size_t>(v) * step, sum[r * V + v]);
  }
}

template <int R>
inline void sums_of(const double* const* maps, std::size_t terms, const double* weights, std::size_t units,
                    double* const* out, std::size_t samples) {
  constexpr std::size_t step = lanes / 2;
  const std::size_t pairs = samples / (2 * step) * (2 * step), whole = samples / step * step;
  add_up<R, 2>(maps, terms, weights, units, out, 0, pairs);
  add_up<R, 1>(maps, terms, weights, units, out, pairs, whole);
  for (std::size_t p = whole; p < samples; ++p)
    for (std::size_t r = 0; r < R; ++r) {
      double sum = 0;
      for (std::size_t k = 0; k < terms; ++k) sum += weights[k * units + r] * maps[k][p];
      out[r][p] = sum;
    }
}

inline void map_sums(const double* const* maps, std::size_t terms, const double* weights, std::size_t units,
                     double* const* out, std::size_t samples) {
  std::size_t u = 0;
  if (terms == 0) {  // there may be no weights to point at
    for (; u < units; ++u)
      for (std::size_t p = 0; p < samples; ++p) out[u][p] = 0;
    return;
  }
  for (; u + 4 <= units; u += 4) sums_of<4>(maps, terms, weights + u, units, out + u, samples);
  for (; u < units; ++u) sums_of<1>(maps, terms, weights + u, units, out + u, samples);
}

}  // namespace skein::SKEIN_KERNELS
