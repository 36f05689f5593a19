#include "sgd/train/newton_schulz.hpp"

#include <Eigen/Core>
#include <array>
#include <string>

#include "lib/base/error.hpp"

namespace skein::sgd {

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::array<double, 3> values_of(NewtonSchulzCoefficients coefficients) {
  if (coefficients == NewtonSchulzCoefficients::convergent) return {15.0 / 8, -10.0 / 8, 3.0 / 8};
  return {3.4445, -4.7750, 2.0315};
}

}  // namespace

std::string_view name(NewtonSchulzCoefficients coefficients) {
  return coefficients == NewtonSchulzCoefficients::usual ? "usual" : "convergent";
}

NewtonSchulzCoefficients parse_newton_schulz(std::string_view text) {
  for (const auto kind : {NewtonSchulzCoefficients::usual, NewtonSchulzCoefficients::convergent})
    if (name(kind) == text) return kind;
  throw ConfigError("Newton-Schulz coefficients \"" + std::string(text) +
                    "\" are unknown; there are usual, convergent");
}

std::vector<double> orthogonalize(std::span<const double> matrix, MatrixShape shape, int steps,
                                  NewtonSchulzCoefficients coefficients) {
  const Eigen::Map<const Matrix> given(matrix.data(), shape.rows, shape.columns);
  std::vector<double> result(matrix.size());
  Eigen::Map<Matrix> factor(result.data(), shape.rows, shape.columns);
  // Deviation from Jordan et al.: they add 1e-7 to the norm; dividing by the exact one keeps small matrices.
  const double norm = given.norm();
  if (!(norm > 0)) return result;
  const bool tall = shape.rows > shape.columns;
  Matrix x = tall ? Matrix(given.transpose() / norm) : Matrix(given / norm);
  const auto [a, b, c] = values_of(coefficients);
  Matrix gram(x.rows(), x.rows()), polynomial(x.rows(), x.rows()), next(x.rows(), x.cols());
  for (int step = 0; step < steps; ++step) {
    gram.noalias() = x * x.transpose();
    polynomial.noalias() = c * gram * gram;
    polynomial += b * gram;
    polynomial.diagonal().array() += a;
    next.noalias() = polynomial * x;
    x.swap(next);
  }
  if (tall) factor = x.transpose();
  else factor = x;
  return result;
}

}  // namespace skein::sgd
