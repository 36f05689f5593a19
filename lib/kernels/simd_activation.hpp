// The activations and their slopes by polynomials, a register at a time. Included only by the kernels (see
// lib/kernels/simd.hpp).
//
// Bounds, absolute, held by tests against double precision on every instruction set:
//   sin, cos                                3e-7 for |z| <= 1e4; beyond `circle_limit` the C library computes
//   them gaussian                                4e-7 tanh, sigmoid, steep_sigmoid            4e-7
// and slopes within 8e-7 (steep_sigmoid 3e-6, its slope being up to 1.225). Polynomials: minimax by Lawson's
// iteration.
#pragma once

#include <cmath>

#include "lib/kernels/kernels.hpp"
#include "lib/kernels/simd.hpp"
#include "lib/network/activation.hpp"

namespace skein::SKEIN_KERNELS {

struct ValueAndSlope {
  Floats value;
  Floats slope;
};

inline constexpr float rounding =
    12582912.0f;  ///< 1.5 * 2^23: adding it leaves the nearest whole number in the low bits

/// 2^x - 1 in the form 2^n (1 + p) - 1: `scale` 2^n and `p`, for -126 <= x <= 126; p within 1e-7.
struct PowerOfTwo {
  Floats scale;
  Floats p;
};
inline PowerOfTwo power_of_two(Floats x) {
  const Floats shifted = x + rounding;
  const Floats f = x - (shifted - rounding);
  Floats p = fma(f, all(0.00132647273f), all(0.00967151279f));
  p = fma(p, f, all(0.0555073374f));
  p = fma(p, f, all(0.240222421f));
  p = fma(p, f, all(0.693146978f));
  return {from_bits((bits(shifted) << 23) + 0x3f800000), p * f};
}

/// exp(-z*z).
inline Floats bell(Floats z) {
  constexpr float log2_e = 1.44269504f, widest = 87.3f;  // exp(-widest) is the least normal number
  const Floats square = min(all(widest), z * z);
  const Floats shifted = fma(square, all(-log2_e), all(rounding));
  const Floats f = fma(square, all(-log2_e), rounding - shifted);
  Floats p = fma(f, all(0.00132647273f), all(0.00967151279f));
  p = fma(p, f, all(0.0555073374f));
  p = fma(p, f, all(0.240222421f));
  p = fma(p, f, all(0.693146978f));
  return from_bits(bits(fma(p, f, all(1.0f))) + (bits(shifted) << 23));  // times 2^n, by its exponent
}

/// tanh(z * half) with half = slope/2 of the sigmoid wanted: m / (m + 2) with m = exp(2 half z) - 1.
inline Floats tanh_scaled(Floats z, float twice_scale) {
  constexpr float log2_e = 1.44269504f;
  const Floats x = max(all(-40.0f), min(all(40.0f), z * (twice_scale * log2_e)));
  const auto [scale, p] = power_of_two(x);
  const Floats m = fma(scale, p, scale - 1.0f);
  return m * reciprocal(m + 2.0f);
}

#if defined(__AVX2__)
inline constexpr float circle_limit = 1e5f;
inline Floats minus_half_turns(Floats z, Floats n) {
  return fma(n, all(8.74227766e-8f), fma(n, all(-3.14159274f), z));
}
#else
inline constexpr float circle_limit = 1e4f;
/// Without a fused multiply-add pi comes in three parts (Cody and Waite), the first two exact times n.
inline Floats minus_half_turns(Floats z, Floats n) {
  return ((z - n * 3.140625f) - n * 9.67502593994140625e-4f) - n * 1.509957990978376e-7f;
}
#endif

/// sin and cos share the reduction to [-pi/2, pi/2] by half turns; each half turn flips both signs.
struct Reduced {
  Floats r, r2;
  Ints flip;
};
inline Reduced reduce(Floats z) {
  const Floats shifted = fma(z, all(0.318309886f), all(rounding));
  const Floats r = minus_half_turns(z, shifted - rounding);
  return {r, r * r, bits(shifted) << 31};
}
inline Floats sin_of(const Reduced& a) {
  Floats p = fma(a.r2, all(2.60893245e-6f), all(-0.000198111127f));
  p = fma(p, a.r2, all(0.00833308817f));
  p = fma(p, a.r2, all(-0.166666605f));
  return from_bits(bits(fma(p * a.r2, a.r, a.r)) ^ a.flip);
}
inline Floats cos_of(const Reduced& a) {
  Floats p = fma(a.r2, all(-2.60771035e-7f), all(2.47618861e-5f));
  p = fma(p, a.r2, all(-0.00138884035f));
  p = fma(p, a.r2, all(0.0416666407f));
  p = fma(p, a.r2, all(-0.499999995f));
  return from_bits(bits(fma(p, a.r2, all(1.0f))) ^ a.flip);
}
inline ValueAndSlope far_circle(Activation which, Floats z) {
  ValueAndSlope out{z, z};
  for (int i = 0; i < lanes; ++i) {
    const double s = ::sin(static_cast<double>(z[i])), c = ::cos(static_cast<double>(z[i]));
    out.value[i] = static_cast<float>(which == Activation::sin ? s : c);
    out.slope[i] = static_cast<float>(which == Activation::sin ? c : -s);
  }
  return out;
}

/// Value and slope at z; what the caller does not use is not computed.
template <Activation which>
inline ValueAndSlope activated(Floats z) {
  if constexpr (which == Activation::sin || which == Activation::cos) {
    if (any_above(magnitude(z), circle_limit)) [[unlikely]]
      return far_circle(which, z);
    const Reduced a = reduce(z);
    if constexpr (which == Activation::sin) return {sin_of(a), cos_of(a)};
    return {cos_of(a), -sin_of(a)};
  } else if constexpr (which == Activation::tanh) {
    const Floats y = tanh_scaled(z, 2.0f);
    return {y, fma(-y, y, all(1.0f))};
  } else if constexpr (which == Activation::sigmoid) {
    const Floats y = tanh_scaled(z, 1.0f);
    return {y, fma(y * -0.5f, y, all(0.5f))};
  } else if constexpr (which == Activation::steep_sigmoid) {
    constexpr auto slope = static_cast<float>(steep_sigmoid_slope);
    const Floats y = fma(tanh_scaled(z, slope), all(0.5f), all(0.5f));
    return {y, (y * slope) * (1.0f - y)};
  } else if constexpr (which == Activation::gaussian) {
    const Floats e = bell(z);
    return {fma(e, all(2.0f), all(-1.0f)), (z * -4.0f) * e};
  } else if constexpr (which == Activation::relu) {
    const Ints positive = z > 0.0f;
    return {from_bits(bits(max(all(0.0f), z))), from_bits(positive & bits(all(1.0f)))};
  } else {
    return {z, all(1.0f)};
  }
}

/// Applies the activation in place to a row of sums; with `slopes`, also writes the slopes.
template <Activation which>
[[gnu::always_inline]] inline void activate_row(float* row, float* slopes, std::size_t count) {
  if (slopes) {
    for (std::size_t p = 0; p < count; p += lanes) {
      const auto [value, slope] = activated<which>(load(row + p));
      store(row + p, value);
      store(slopes + p, slope);
    }
  } else {
    for (std::size_t p = 0; p < count; p += lanes) store(row + p, activated<which>(load(row + p)).value);
  }
}

/// Calls `run.operator()<which>()`, unless it is the identity, which leaves a row as it is.
template <class Run>
inline void with_activation(Activation which, const Run& run) {
  switch (which) {
    case Activation::identity:
      return;
    case Activation::sin:
      return run.template operator()<Activation::sin>();
    case Activation::cos:
      return run.template operator()<Activation::cos>();
    case Activation::tanh:
      return run.template operator()<Activation::tanh>();
    case Activation::relu:
      return run.template operator()<Activation::relu>();
    case Activation::sigmoid:
      return run.template operator()<Activation::sigmoid>();
    case Activation::gaussian:
      return run.template operator()<Activation::gaussian>();
    case Activation::steep_sigmoid:
      return run.template operator()<Activation::steep_sigmoid>();
  }
}

inline void activate_row(Activation which, float* row, float* slopes, std::size_t samples) {
  with_activation(which, [&]<Activation known>() { activate_row<known>(row, slopes, samples); });
}

/// The rows of `count` units of one activation: what it needs is brought into registers once.
inline void activate_rows(const UnitRows* units, std::size_t count, float* rows, std::size_t samples) {
  with_activation(units->activation, [&]<Activation known>() {
    for (std::size_t r = 0; r < count; ++r)
      activate_row<known>(rows + units[r].value, units[r].slope == no_row ? nullptr : rows + units[r].slope,
                          samples);
  });
}

}  // namespace skein::SKEIN_KERNELS
