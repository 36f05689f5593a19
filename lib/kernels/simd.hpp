// One register's worth of numbers, for the kernels. Included only by lib/kernels_<set>.cpp, each compiled for
// its own instruction set and in its own namespace SKEIN_KERNELS; so nothing here may be used elsewhere, and
// no inline function of the standard library may be used here (the linker would be free to keep a copy the
// machine cannot run).
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace skein::SKEIN_KERNELS {

#if defined(__AVX512F__)
inline constexpr int lanes = 16, registers = 32;
#elif defined(__AVX2__)
inline constexpr int lanes = 8, registers = 16;
#elif defined(__aarch64__)
inline constexpr int lanes = 4, registers = 32;
#else
inline constexpr int lanes = 4, registers = 16;
#endif

inline constexpr int register_bytes = 4 * lanes;
typedef float Floats __attribute__((vector_size(register_bytes)));
typedef std::int32_t Ints __attribute__((vector_size(register_bytes)));
typedef double Doubles __attribute__((vector_size(register_bytes)));
typedef float FloatsInMemory __attribute__((vector_size(register_bytes), aligned(4), may_alias));
typedef double DoublesInMemory __attribute__((vector_size(register_bytes), aligned(8), may_alias));

inline Floats load(const float* p) { return *reinterpret_cast<const FloatsInMemory*>(p); }
inline void store(float* p, Floats x) { *reinterpret_cast<FloatsInMemory*>(p) = x; }
inline Doubles load(const double* p) { return *reinterpret_cast<const DoublesInMemory*>(p); }
inline void store(double* p, Doubles x) { *reinterpret_cast<DoublesInMemory*>(p) = x; }
inline Ints bits(Floats x) { return reinterpret_cast<Ints>(x); }
inline Floats from_bits(Ints x) { return reinterpret_cast<Floats>(x); }
inline Floats magnitude(Floats x) { return from_bits(bits(x) & 0x7fffffff); }

// min and max return their second argument when either is not a number, on every instruction set.
#if defined(__AVX512F__)
inline Floats all(float x) { return _mm512_set1_ps(x); }
inline Doubles all(double x) { return _mm512_set1_pd(x); }
inline Floats fma(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }
inline Doubles fma(Doubles a, Doubles b, Doubles c) { return _mm512_fmadd_pd(a, b, c); }
inline Floats min(Floats a, Floats b) { return _mm512_min_ps(a, b); }
inline Floats max(Floats a, Floats b) { return _mm512_max_ps(a, b); }
inline Floats sqrt(Floats x) { return _mm512_sqrt_ps(x); }
inline Floats floor(Floats x) { return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }
inline Floats rough_reciprocal(Floats x) { return _mm512_rcp14_ps(x); }
inline bool any_above(Floats x, float limit) {
  return _mm512_cmp_ps_mask(x, _mm512_set1_ps(limit), _CMP_GT_OQ) != 0;
}
#elif defined(__AVX2__)
inline Floats all(float x) { return _mm256_set1_ps(x); }
inline Doubles all(double x) { return _mm256_set1_pd(x); }
inline Floats fma(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }
inline Doubles fma(Doubles a, Doubles b, Doubles c) { return _mm256_fmadd_pd(a, b, c); }
inline Floats min(Floats a, Floats b) { return _mm256_min_ps(a, b); }
inline Floats max(Floats a, Floats b) { return _mm256_max_ps(a, b); }
inline Floats sqrt(Floats x) { return _mm256_sqrt_ps(x); }
inline Floats floor(Floats x) { return _mm256_floor_ps(x); }
inline Floats rough_reciprocal(Floats x) { return _mm256_rcp_ps(x); }
inline bool any_above(Floats x, float limit) {
  return _mm256_movemask_ps(_mm256_cmp_ps(x, _mm256_set1_ps(limit), _CMP_GT_OQ)) != 0;
}
#elif defined(__aarch64__)
inline Floats all(float x) { return vdupq_n_f32(x); }
inline Doubles all(double x) { return vdupq_n_f64(x); }
inline Floats fma(Floats a, Floats b, Floats c) { return vfmaq_f32(c, a, b); }
inline Doubles fma(Doubles a, Doubles b, Doubles c) { return vfmaq_f64(c, a, b); }
inline Floats min(Floats a, Floats b) { return a < b ? a : b; }
inline Floats max(Floats a, Floats b) { return a > b ? a : b; }
inline Floats sqrt(Floats x) { return vsqrtq_f32(x); }
inline Floats floor(Floats x) { return vrndmq_f32(x); }
inline bool any_above(Floats x, float limit) { return vmaxvq_u32(vcgtq_f32(x, all(limit))) != 0; }
#else
inline Floats all(float x) { return Floats{x, x, x, x}; }
inline Doubles all(double x) { return Doubles{x, x}; }
inline Floats fma(Floats a, Floats b, Floats c) { return a * b + c; }
inline Doubles fma(Doubles a, Doubles b, Doubles c) { return a * b + c; }
#if defined(__SSE2__)
inline Floats min(Floats a, Floats b) { return _mm_min_ps(a, b); }
inline Floats max(Floats a, Floats b) { return _mm_max_ps(a, b); }
inline Floats sqrt(Floats x) { return _mm_sqrt_ps(x); }
#else
inline Floats min(Floats a, Floats b) { return a < b ? a : b; }
inline Floats max(Floats a, Floats b) { return a > b ? a : b; }
inline Floats sqrt(Floats x) {
  for (int i = 0; i < lanes; ++i) x[i] = __builtin_sqrtf(x[i]);
  return x;
}
#endif
inline Floats floor(Floats x) {
  const Floats rounded = __builtin_convertvector(__builtin_convertvector(x, Ints), Floats);
  const Floats down = rounded > x ? rounded - 1.0f : rounded;
  return magnitude(x) < all(8388608.0f) ? down : x;  // from 2^23 on every float is whole
}
inline bool any_above(Floats x, float limit) {
  bool found = false;
  for (int i = 0; i < lanes; ++i) found |= x[i] > limit;
  return found;
}
#endif

/// Keeps a number in a register: the compiler neither reads it again from memory nor foresees what it is. On other
/// machines than these two it may.
[[gnu::always_inline]] inline void keep_in_register([[maybe_unused]] Floats& x) {
#if defined(__x86_64__)
  asm("" : "+v"(x));
#elif defined(__aarch64__)
  asm("" : "+w"(x));
#endif
}

/// While it lives, numbers below the normal range count as zero on this thread: the slope of a saturated unit
/// times another would otherwise cost a hundred times a normal product.
class TinyIsZero {
 public:
#if defined(__SSE2__)
  TinyIsZero() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040u); }
  ~TinyIsZero() { _mm_setcsr(before_); }

 private:
  unsigned before_;
#elif defined(__aarch64__)
  TinyIsZero() {
    asm volatile("mrs %0, fpcr" : "=r"(before_));
    asm volatile("msr fpcr, %0" : : "r"(before_ | (std::uint64_t{1} << 24)) : "memory");
  }
  ~TinyIsZero() { asm volatile("msr fpcr, %0" : : "r"(before_) : "memory"); }

 private:
  std::uint64_t before_;
#else
  TinyIsZero() {}
#endif
};

/// 1/x to 2 units in the last place for normal x: the machine's estimate and one step of Newton.
inline Floats reciprocal(Floats x) {
#if defined(__AVX2__)
  const Floats estimate = rough_reciprocal(x);
  return fma(estimate, fma(-x, estimate, all(1.0f)), estimate);
#else
  return 1.0f / x;
#endif
}

typedef float Four __attribute__((vector_size(16)));
typedef float FourInMemory __attribute__((vector_size(16), aligned(4), may_alias));

/// The sums over the lanes of four registers, always in the same order.
inline Four lane_sums(Floats a, Floats b, Floats c, Floats d) {
#if defined(__AVX512F__)
  const auto low = [](Floats x, Floats y) { return _mm512_maskz_unpacklo_ps(0xffff, x, y); };
  const auto high = [](Floats x, Floats y) { return _mm512_maskz_unpackhi_ps(0xffff, x, y); };
  const __m512d ab = _mm512_castps_pd(low(a, b) + high(a, b)), cd = _mm512_castps_pd(low(c, d) + high(c, d));
  const Floats abcd = _mm512_castpd_ps(_mm512_maskz_unpacklo_pd(0xff, ab, cd)) +
                      _mm512_castpd_ps(_mm512_maskz_unpackhi_pd(0xff, ab, cd));
  const __m256 half = __builtin_shufflevector(abcd, abcd, 0, 1, 2, 3, 4, 5, 6, 7) +
                      __builtin_shufflevector(abcd, abcd, 8, 9, 10, 11, 12, 13, 14, 15);
  return _mm256_castps256_ps128(half) + _mm256_extractf128_ps(half, 1);
#elif defined(__AVX2__)
  const Floats ab = _mm256_unpacklo_ps(a, b) + _mm256_unpackhi_ps(a, b);
  const Floats cd = _mm256_unpacklo_ps(c, d) + _mm256_unpackhi_ps(c, d);
  const auto low = _mm256_unpacklo_pd(_mm256_castps_pd(ab), _mm256_castps_pd(cd));
  const auto high = _mm256_unpackhi_pd(_mm256_castps_pd(ab), _mm256_castps_pd(cd));
  const Floats all_four = _mm256_castpd_ps(low) + _mm256_castpd_ps(high);
  return _mm256_castps256_ps128(all_four) + _mm256_extractf128_ps(all_four, 1);
#elif defined(__aarch64__)
  return vpaddq_f32(vpaddq_f32(a, b), vpaddq_f32(c, d));
#else
  const Floats ab = Floats{a[0], b[0], a[1], b[1]} + Floats{a[2], b[2], a[3], b[3]};
  const Floats cd = Floats{c[0], d[0], c[1], d[1]} + Floats{c[2], d[2], c[3], d[3]};
  return Floats{ab[0], ab[1], cd[0], cd[1]} + Floats{ab[2], ab[3], cd[2], cd[3]};
#endif
}

/// Adds the sum over the lanes of each of N registers to the N numbers at `to`; up to three numbers behind
/// them have zero added.
template <int N>
inline void add_lane_sums(const Floats (&x)[N], float* to) {
  const Floats none{};
#pragma GCC unroll 16
  for (int i = 0; i < N; i += 4) {
    const Four sums = lane_sums(x[i], i + 1 < N ? x[i + 1] : none, i + 2 < N ? x[i + 2] : none,
                                i + 3 < N ? x[i + 3] : none);
    *reinterpret_cast<FourInMemory*>(to + i) = *reinterpret_cast<const FourInMemory*>(to + i) + sums;
  }
}

/// The sum of all lanes, in double, always in the same order.
inline double total(Doubles x) {
  double sum[lanes / 2];
  for (int i = 0; i < lanes / 2; ++i) sum[i] = x[i];
#pragma GCC unroll 4
  for (int half = lanes / 4; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) sum[i] += sum[i + half];
  return sum[0];
}
inline double total(Floats x) {
  typedef float Half __attribute__((vector_size(register_bytes / 2)));
  struct Halves {
    Half low, high;
  };
  const Halves halves = __builtin_bit_cast(Halves, x);
  return total(__builtin_convertvector(halves.low, Doubles) + __builtin_convertvector(halves.high, Doubles));
}

}  // namespace skein::SKEIN_KERNELS
