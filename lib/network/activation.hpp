#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

namespace skein {

/// The activation functions of Picbreeder (Secretan et al. 2011), with its scalings:
/// sigmoid(z) = 2/(1+exp(-z)) - 1 = tanh(z/2) and gaussian(z) = 2 exp(-z*z) - 1, both in [-1, 1]; and
/// steep_sigmoid(z) = 1/(1+exp(-4.9 z)) in [0, 1], the transfer function of Stanley and Miikkulainen (2002),
/// which Picbreeder has not.
enum class Activation : std::uint8_t { identity, sin, cos, tanh, relu, sigmoid, gaussian, steep_sigmoid };

inline constexpr double steep_sigmoid_slope = 4.9;  ///< Stanley and Miikkulainen 2002, section 4.1

inline constexpr std::array all_activations{
    Activation::identity, Activation::sin,     Activation::cos,      Activation::tanh,
    Activation::relu,     Activation::sigmoid, Activation::gaussian, Activation::steep_sigmoid};

/// The field's name: "identity", "sin", ...
std::string_view name(Activation activation);

/// The inverse of `name`; nothing when no activation is called so.
std::optional<Activation> parse_activation(std::string_view text);

/// Value at `z`, from the definition, in the precision of `Real`.
template <class Real>
Real activate(Activation activation, Real z) {
  using std::exp, std::sin, std::cos, std::tanh;
  switch (activation) {
    case Activation::identity:
      return z;
    case Activation::sin:
      return sin(z);
    case Activation::cos:
      return cos(z);
    case Activation::tanh:
      return tanh(z);
    case Activation::relu:
      return z > Real(0) ? z : Real(0);
    case Activation::sigmoid:
      return tanh(z / Real(2));
    case Activation::gaussian:
      return Real(2) * exp(-z * z) - Real(1);
    case Activation::steep_sigmoid:
      return Real(1) / (Real(1) + exp(Real(-steep_sigmoid_slope) * z));
  }
  return z;
}

/// Derivative at `z`. The subgradient of relu at 0 is 0.
template <class Real>
Real activation_derivative(Activation activation, Real z) {
  using std::exp, std::sin, std::cos, std::tanh;
  switch (activation) {
    case Activation::identity:
      return Real(1);
    case Activation::sin:
      return cos(z);
    case Activation::cos:
      return -sin(z);
    case Activation::tanh:
      return Real(1) - tanh(z) * tanh(z);
    case Activation::relu:
      return z > Real(0) ? Real(1) : Real(0);
    case Activation::sigmoid:
      return (Real(1) - tanh(z / Real(2)) * tanh(z / Real(2))) / Real(2);
    case Activation::gaussian:
      return Real(-4) * z * exp(-z * z);
    case Activation::steep_sigmoid: {
      const Real value = activate(activation, z);
      return Real(steep_sigmoid_slope) * value * (Real(1) - value);
    }
  }
  return Real(1);
}

/// +1 for even functions (cos, gaussian), -1 for odd ones (identity, sin, tanh, sigmoid), 0 for the others:
/// the sign a unit's output takes when the sign of all its inputs is flipped.
int parity(Activation activation);

}  // namespace skein
