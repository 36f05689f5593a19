#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lib/network/weight_layout.hpp"

namespace skein::sgd {

/// Coefficients (a, b, c) of the odd polynomial a s + b s^3 + c s^5 that each step applies to the singular
/// values.
enum class NewtonSchulzCoefficients : std::uint8_t {
  usual,  ///< 3.4445, -4.7750, 2.0315 (Jordan et al. 2024): fast, but wanders in about [0.68, 1.2] for ever
  convergent  ///< 15/8, -10/8, 3/8: slower at first, converges to 1
};

std::string_view name(NewtonSchulzCoefficients coefficients);
NewtonSchulzCoefficients parse_newton_schulz(std::string_view text);

/// Replaces the singular values of a matrix by numbers near 1 (its orthogonal factor U V^T in the limit of
/// the convergent coefficients), by `steps` Newton–Schulz steps from the matrix over its Frobenius norm.
/// `matrix` is row-major, rows by columns; so is the result. A zero matrix stays zero.
std::vector<double> orthogonalize(std::span<const double> matrix, MatrixShape shape, int steps,
                                  NewtonSchulzCoefficients coefficients);

}  // namespace skein::sgd
