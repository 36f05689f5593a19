// What comes before and after the sums: distance, colour, errors, folding of weights. Included only by the
// kernels (see lib/kernels/simd.hpp).
#pragma once

#include "lib/kernels/kernels.hpp"
#include "lib/kernels/simd.hpp"

namespace skein::SKEIN_KERNELS {

inline constexpr float sectors[3] = {5.0f, 3.0f,
                                     1.0f};  ///< red, green, blue on the circle of hues, in sixths

struct ColourParts {
  Floats hue6, saturation, value;
};
inline ColourParts colour_parts(Floats h, Floats s, Floats v) {
  const Floats turned = h + 1.0f;
  return {(turned - floor(turned)) * 6.0f, min(all(1.0f), max(all(0.0f), s)), min(all(1.0f), magnitude(v))};
}
inline Floats hue_position(Floats hue6, float sector) {
  const Floats k = hue6 + sector;
  return k >= 6.0f ? k - 6.0f : k;
}
inline Floats ramp(Floats k) { return min(all(1.0f), max(all(0.0f), min(4.0f - k, k))); }

inline void colour(const float* const hsv[3], float* const rgb[3], std::size_t samples) {
  for (std::size_t p = 0; p < samples; p += lanes) {
    const auto [hue6, saturation, value] = colour_parts(load(hsv[0] + p), load(hsv[1] + p), load(hsv[2] + p));
    for (int c = 0; c < 3; ++c)
      store(rgb[c] + p, value - value * saturation * ramp(hue_position(hue6, sectors[c])));
  }
}

/// All ones in the lanes of samples before `end`.
inline Ints lanes_before(std::size_t p, std::size_t end) {
  Ints index{};
  for (int i = 0; i < lanes; ++i) index[i] = i;
  const auto left = static_cast<std::int32_t>(end - p < lanes ? end - p : lanes);
  return index < left;
}

inline double colour_errors(const float* const hsv[3], const float* const target[3], float* const gradient[3],
                            std::size_t samples) {
  Floats squares{};
  std::size_t p = 0;
  for (; p < samples; p += lanes) {
    const Floats h = load(hsv[0] + p), s = load(hsv[1] + p), v = load(hsv[2] + p);
    const Ints counted = lanes_before(p, samples);
    const auto [hue6, saturation, value] = colour_parts(h, s, v);
    Floats by_hue{}, by_saturation{}, by_value{};
    for (int c = 0; c < 3; ++c) {
      const Floats k = hue_position(hue6, sectors[c]);
      const Floats up = ramp(k);
      const Floats colour = value - value * saturation * up;
      const Floats error = from_bits(bits(colour - load(target[c] + p)) & counted);
      squares = fma(error, error, squares);
      const Ints rising = (k > 0.0f) & (k < 1.0f), falling = (k > 3.0f) & (k < 4.0f);
      const Floats slope = from_bits((rising & bits(all(6.0f))) | (falling & bits(all(-6.0f))));
      by_value = fma(error, 1.0f - saturation * up, by_value);
      by_saturation = fma(-error, up, by_saturation);
      by_hue = fma(-error, slope, by_hue);
    }
    const Ints saturation_free = (s >= 0.0f) & (s <= 1.0f), value_free = (magnitude(v) <= 1.0f) & (v != 0.0f);
    const Ints sign = bits(v) & static_cast<std::int32_t>(0x80000000u);
    store(gradient[0] + p, by_hue * (value * saturation));
    store(gradient[1] + p, from_bits(bits(by_saturation * value) & saturation_free));
    store(gradient[2] + p, from_bits((bits(by_value) ^ sign) & value_free));
  }
  for (; p % sample_block != 0; p += lanes)
    for (int c = 0; c < 3; ++c) store(gradient[c] + p, Floats{});
  return total(squares);
}

inline double errors(const float* output, const float* target, float* gradient, std::size_t samples) {
  Floats squares{};
  std::size_t p = 0;
  for (; p < samples; p += lanes) {
    const Floats error = from_bits(bits(load(output + p) - load(target + p)) & lanes_before(p, samples));
    squares = fma(error, error, squares);
    store(gradient + p, error);
  }
  for (; p % sample_block != 0; p += lanes) store(gradient + p, Floats{});
  return total(squares);
}

inline void distance(const float* x, const float* y, float* d, std::size_t samples) {
  for (std::size_t p = 0; p < samples; p += lanes) {
    const Floats a = load(x + p), b = load(y + p);
    store(d + p, sqrt(fma(a, a, b * b)) * 1.4f);
  }
}

inline void fold(const FoldView& program, const float* weights, double* coefficients) {
  for (std::size_t i = 0; i < program.count; ++i) {
    const FoldTerm& term = program.terms[i];
    const double w = static_cast<double>(weights[term.slot]);
    double* target = coefficients + term.target;
    const double* source = coefficients + term.source;
    if (term.length == 0) {
      *target += w;
    } else if (term.places == 0xffffffffu) {
      std::size_t k = 0;
      for (; k + lanes / 2 <= term.length; k += lanes / 2)
        store(target + k, fma(all(w), load(source + k), load(target + k)));
      for (; k < term.length; ++k) target[k] += w * source[k];
    } else {
      const std::uint32_t* place = program.places + term.places;
      for (std::size_t k = 0; k < term.length; ++k) target[place[k]] += w * source[k];
    }
  }
}

inline void unfold(const FoldView& program, const float* weights, const double* coefficients, double* adjoint,
                   double* gradient) {
  for (std::size_t i = program.count; i-- > 0;) {
    const FoldTerm& term = program.terms[i];
    const double w = static_cast<double>(weights[term.slot]);
    const double* target = adjoint + term.target;
    double* source = adjoint + term.source;
    const double* value = coefficients + term.source;
    double product = 0;
    if (term.length == 0) {
      product = *target;
    } else if (term.places == 0xffffffffu) {
      Doubles products{};
      std::size_t k = 0;
      for (; k + lanes / 2 <= term.length; k += lanes / 2) {
        const Doubles up = load(target + k);
        products = fma(up, load(value + k), products);
        store(source + k, fma(all(w), up, load(source + k)));
      }
      product = total(products);
      for (; k < term.length; ++k) {
        product += target[k] * value[k];
        source[k] += w * target[k];
      }
    } else {
      const std::uint32_t* place = program.places + term.places;
      for (std::size_t k = 0; k < term.length; ++k) {
        const double up = target[place[k]];
        product += up * value[k];
        source[k] += w * up;
      }
    }
    if (term.trainable) gradient[term.slot] += product;
  }
}

inline void drain(float* accumulators, std::size_t count, double* totals) {
  for (std::size_t i = 0; i < count; ++i) {
    totals[i] += static_cast<double>(accumulators[i]);
    accumulators[i] = 0;
  }
}

/// Independent chains of multiply-adds that stay in registers.
inline double spin(std::size_t rounds, float* sink) {
  constexpr int chains = 12;
  Floats x[chains];
#pragma GCC unroll 12
  for (int c = 0; c < chains; ++c) x[c] = all(0.001f * static_cast<float>(c));
  const Floats a = all(0.999f), b = all(0.001f);
  for (std::size_t i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
    for (int c = 0; c < chains; ++c) {
      x[c] = fma(x[c], a, b);
      keep_in_register(x[c]);
    }
  }
  Floats sum{};
#pragma GCC unroll 12
  for (int c = 0; c < chains; ++c) sum += x[c];
  store(sink, sum);
  return 2.0 * lanes * chains * static_cast<double>(rounds);
}

}  // namespace skein::SKEIN_KERNELS
