// What the engine asks of the machine: one table of functions per instruction set. A *tile* is a fixed number
// of samples; a *row* is one value over a tile, 64-byte aligned. Rows live in one buffer and are named by
// their offset in it, in floats. Only plain data crosses this interface, because each table is compiled for
// its own instructions.
#pragma once

#include <cstddef>
#include <cstdint>

#include "lib/kernels/instruction_set.hpp"
#include "lib/network/activation.hpp"

namespace skein {

using Row = std::uint32_t;
inline constexpr Row no_row = 0xffffffffu;
/// Samples of a partial tile are rounded up to a multiple of this; every tile size is one.
inline constexpr std::size_t sample_block = 64;
inline constexpr std::size_t accumulator_padding = 3;
inline constexpr std::uint32_t widest_group =
    6;  ///< rows a dense kernel computes together: tuned, fills 32 registers

/// A unit's rows: its value, and its slope, which the backward pass turns into the gradient by its sum.
struct UnitRows {
  Row value = no_row;
  Row slope = no_row;
  std::uint32_t own_terms = 0;  ///< of its sum, beyond those of its group
  Activation activation = Activation::identity;
};

/// `units` rows that are weighted sums of the same `terms` rows:
/// row[units[r]] = sum over k of weights[k * units + r] * row[sources[k]]. In the lists of rows and weights, the terms that
/// all units share are followed, unit by unit, by those that this unit alone has (`UnitRows::own_terms`).
struct RowSums {
  std::uint32_t units = 0;
  std::uint32_t terms = 0;
  std::uint32_t first_unit = 0;    ///< into UnitRows
  std::uint32_t first_row = 0;     ///< into the list of source rows
  std::uint32_t first_weight = 0;  ///< into the packed weights
};

/// Steps in order, with what they point into.
struct SumsView {
  const RowSums* steps = nullptr;
  std::size_t count = 0;
  const UnitRows* units = nullptr;
  const Row* row_list = nullptr;
  std::size_t chunk = 0;  ///< samples that go through all steps together; a multiple of `sample_block`
  const float* starts = nullptr;  ///< forward: what each of `units` adds to its sum; none: nothing
};

/// Gradients by all edges between `units` consumers and `terms` sources: accumulators[k * units + r] +=
/// sum over the samples of row[sources[k]] * row[consumers[r]].
struct EdgeSums {
  std::uint32_t units = 0;
  std::uint32_t terms = 0;
  std::uint32_t first_row = 0;  ///< into the list of rows: the consumers' gradients, then the sources
  std::uint32_t first_accumulator = 0;
};

struct EdgesView {
  const EdgeSums* steps = nullptr;
  std::size_t count = 0;
  const Row* row_list = nullptr;
};

/// One step of folding weights into the coefficients of a contracted network (see lib/plan/contraction.hpp): with
/// w the weight in `slot`, C[target + i] += w * C[source + i] for i < length; with length 0, C[target] += w.
struct FoldTerm {
  std::uint32_t slot = 0;
  std::uint32_t target = 0;
  std::uint32_t source = 0;
  std::uint32_t length = 0;
  std::uint32_t places =
      0xffffffffu;  ///< unless contiguous: where in the list of places the targets' offsets start
  std::uint32_t trainable = 1;
};

struct FoldView {
  const FoldTerm* terms = nullptr;
  std::size_t count = 0;
  const std::uint32_t* places = nullptr;
};

struct Kernels {
  InstructionSet set = InstructionSet::baseline;
  std::size_t lanes = 0;

  /// Values (and slopes where asked) of all units; `samples` is a multiple of `sample_block`.
  void (*forward)(const SumsView&, const float* weights, float* rows, std::size_t samples);
  /// Gradients by the units' sums, in place of their slopes.
  void (*backward)(const SumsView&, const float* weights, float* rows, std::size_t samples);
  /// Gradients by edges; adds to `accumulators`, one number each, and zero to up to `accumulator_padding`
  /// behind them.
  void (*edges)(const EdgesView&, const float* rows, float* accumulators, std::size_t samples);
  /// sums[i] = sum over the samples of row[list[i]]; writes up to `accumulator_padding` numbers behind them.
  void (*row_sums)(const Row* list, std::size_t count, const float* rows, std::size_t samples, float* sums);
  /// totals[i] += accumulator i, which is set to zero.
  void (*drain)(float* accumulators, std::size_t count, double* totals);

  /// (h, s, v) rows to three planes of colour, as in lib/picture/colour.hpp.
  void (*colour)(const float* const hsv[3], float* const rgb[3], std::size_t samples);
  /// Sum over the first `samples` of the squared errors of the colours; writes the gradient of half of it by
  /// h, s, v. Rows are padded to `sample_block`; padding counts nothing and gets gradient 0.
  double (*colour_errors)(const float* const hsv[3], const float* const target[3], float* const gradient[3],
                          std::size_t samples);
  /// The same without colour, for one output.
  double (*errors)(const float* output, const float* target, float* gradient, std::size_t samples);
  /// d = 1.4 sqrt(x*x + y*y).
  void (*distance)(const float* x, const float* y, float* d, std::size_t samples);

  /// Coefficients from weights; `coefficients` starts at zero.
  void (*fold)(const FoldView&, const float* weights, double* coefficients);
  /// Gradient by slots from the gradient by coefficients (`adjoint`, also the working memory).
  void (*unfold)(const FoldView&, const float* weights, const double* coefficients, double* adjoint,
                 double* gradient);
  /// Products of `count` maps in double precision: sums[i * count + j] = sum over the samples of
  /// weights * maps[i] * maps[j], for j <= i; what stands above the diagonal means nothing.
  void (*products)(const double* const* maps, std::size_t count, const double* weights, std::size_t samples,
                   double* sums);
  /// Weighted sums of `terms` maps in double precision: out[u][p] = sum over k of weights[k * units + u] * maps[k][p].
  void (*map_sums)(const double* const* maps, std::size_t terms, const double* weights, std::size_t units,
                   double* const* out, std::size_t samples);
  /// Applies an activation in place to a row; for tests and benches.
  void (*activate)(Activation, float* row, float* slopes, std::size_t samples);
  /// Multiply-adds done without touching memory, for measuring the peak: returns 2 * lanes * chains * rounds
  /// flops.
  double (*spin)(std::size_t rounds, float* sink);
};

/// The table for an instruction set. Throws ConfigError when this machine or build has not got it.
const Kernels& kernels(InstructionSet set);

#if defined(__x86_64__)
const Kernels& avx512_kernels();
const Kernels& avx2_kernels();
#endif
const Kernels& baseline_kernels();

}  // namespace skein
