#pragma once

#include <algorithm>
#include <array>
#include <cmath>

namespace skein {

/// Raw network outputs (h, s, v) to RGB in [0, 1]:
/// rgb = hsv2rgb((h + 1) mod 1, clip(s, 0, 1), clip(|v|, 0, 1)) with a floored modulo. Each channel is
/// V - V*S*clip(min(k, 4 - k), 0, 1) with k = (n + 6H) mod 6 and n = 5, 3, 1 for red, green, blue.
template <class Real>
std::array<Real, 3> hsv_to_rgb(Real h, Real s, Real v) {
  using std::abs, std::floor;
  const Real hue = (h + Real(1)) - floor(h + Real(1));
  const Real saturation = std::clamp(s, Real(0), Real(1));
  const Real value = std::clamp(abs(v), Real(0), Real(1));
  constexpr std::array<Real, 3> sector{Real(5), Real(3), Real(1)};
  std::array<Real, 3> rgb{};
  for (std::size_t c = 0; c < 3; ++c) {
    Real k = sector[c] + Real(6) * hue;
    if (k >= Real(6)) k -= Real(6);
    rgb[c] = value - value * saturation * std::clamp(std::min(k, Real(4) - k), Real(0), Real(1));
  }
  return rgb;
}

/// Gradient of dot(upstream, rgb) by (h, s, v). Subgradients where the map has a corner: the clips of s and
/// |v| pass the gradient on the closed interval [0, 1] and stop it outside; |v| has slope 0 at v = 0; the hue
/// wrap passes the gradient through unchanged (the map is continuous on the circle); at the six corners of
/// the hue ramps the slope is 0.
template <class Real>
std::array<Real, 3> hsv_to_rgb_gradient(Real h, Real s, Real v, const std::array<Real, 3>& upstream) {
  using std::abs, std::floor;
  const Real hue = (h + Real(1)) - floor(h + Real(1));
  const Real saturation = std::clamp(s, Real(0), Real(1));
  const Real value = std::clamp(abs(v), Real(0), Real(1));
  constexpr std::array<Real, 3> sector{Real(5), Real(3), Real(1)};
  Real by_hue = 0, by_saturation = 0, by_value = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    Real k = sector[c] + Real(6) * hue;
    if (k >= Real(6)) k -= Real(6);
    const Real ramp = std::clamp(std::min(k, Real(4) - k), Real(0), Real(1));
    const Real slope = k > Real(0) && k < Real(1) ? Real(6) : k > Real(3) && k < Real(4) ? Real(-6) : Real(0);
    by_value += upstream[c] * (Real(1) - saturation * ramp);
    by_saturation -= upstream[c] * value * ramp;
    by_hue -= upstream[c] * value * saturation * slope;
  }
  const Real sign = v > Real(0) ? Real(1) : v < Real(0) ? Real(-1) : Real(0);
  return {by_hue, s >= Real(0) && s <= Real(1) ? by_saturation : Real(0),
          abs(v) <= Real(1) ? sign * by_value : Real(0)};
}

}  // namespace skein
