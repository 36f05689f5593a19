#include "sgd/train/optimizer.hpp"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "sgd/train/schedule.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

/// Eight parameters seen as layers of 1 x 1, 2 x 3 and 1 x 1.
WeightLayout three_layers() {
  WeightLayout layout{{{1, 1}, {2, 3}, {1, 1}}, {{0, 0, 0}}};
  for (std::int32_t row = 0; row < 2; ++row)
    for (std::int32_t column = 0; column < 3; ++column) layout.places.push_back({1, row, column});
  layout.places.push_back({2, 0, 0});
  return layout;
}

struct TestFunction {
  std::string name;
  std::function<double(const std::vector<double>&, std::vector<double>&)> value_and_gradient;
  double reached;  ///< what every optimiser must come below from 1.2, -0.7, 1.2, ...
};

std::vector<TestFunction> test_functions() {
  return {{"sphere",
           [](const auto& x, auto& g) {
             double f = 0;
             for (std::size_t i = 0; i < x.size(); ++i) f += x[i] * x[i], g[i] = 2 * x[i];
             return f;
           },
           1e-4},
          {"ellipsoid",
           [](const auto& x, auto& g) {
             double f = 0;
             for (std::size_t i = 0; i < x.size(); ++i) {
               const double scale = std::pow(10.0, static_cast<double>(i) / 7);
               f += scale * (x[i] - 0.3) * (x[i] - 0.3);
               g[i] = 2 * scale * (x[i] - 0.3);
             }
             return f;
           },
           1e-3},
          {"Rosenbrock, chained",
           [](const auto& x, auto& g) {
             double f = 0;
             std::ranges::fill(g, 0.0);
             for (std::size_t i = 0; i + 1 < x.size(); ++i) {
               const double valley = x[i + 1] - x[i] * x[i], rest = 1 - x[i];
               f += 5 * valley * valley + rest * rest;
               g[i] += -20 * x[i] * valley - 2 * rest;
               g[i + 1] += 10 * valley;
             }
             return f;
           },
           0.3},
          {"two wells",
           [](const auto& x, auto& g) {
             double f = 0;
             for (std::size_t i = 0; i < x.size(); ++i) {
               const double well = x[i] * x[i] - 1;
               f += well * well;
               g[i] = 4 * x[i] * well;
             }
             return f;
           },
           1e-3}};
}

struct Contender {
  OptimizerSettings settings;
  double rate;
};

std::vector<Contender> contenders() {
  return {{Adam{}, 0.03},
          {Momentum{}, 0.003},
          {Momentum{0.9, true}, 0.003},
          {Muon{}, 0.03},
          {Muon{.newton_schulz_steps = 20}, 0.03},
          {Muon{.newton_schulz_steps = 20, .coefficients = NewtonSchulzCoefficients::convergent}, 0.03}};
}

std::vector<float> start_of(std::size_t n) {
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = i % 2 == 0 ? 1.2f : -0.7f;
  return x;
}

/// Each optimiser's step written once more from its paper, in double throughout.
struct Reference {
  OptimizerSettings settings;
  std::vector<double> m = std::vector<double>(8), v = std::vector<double>(8);
  int t = 0;

  void adam(const Adam& a, double rate, std::size_t i, double g, double& x) {
    m[i] = a.beta1 * m[i] + (1 - a.beta1) * g;
    v[i] = a.beta2 * v[i] + (1 - a.beta2) * g * g;
    const double m_hat = m[i] / (1 - std::pow(a.beta1, t)), v_hat = v[i] / (1 - std::pow(a.beta2, t));
    x -= rate * m_hat / (std::sqrt(v_hat) + a.epsilon);
  }

  void muon(const Muon& s, double rate, const std::vector<double>& g, std::vector<double>& x) {
    Eigen::MatrixXd b(2, 3);
    for (int r = 0; r < 2; ++r)
      for (int c = 0; c < 3; ++c) {
        const auto i = static_cast<std::size_t>(1 + 3 * r + c);
        m[i] = s.momentum * m[i] + (1 - s.momentum) * g[i];
        b(r, c) = s.momentum * m[i] + (1 - s.momentum) * g[i];
      }
    // Newton-Schulz on the singular values themselves.
    Eigen::JacobiSVD<Eigen::MatrixXd> svd(b, Eigen::ComputeThinU | Eigen::ComputeThinV);
    Eigen::VectorXd sigma = svd.singularValues() / b.norm();
    const bool usual = s.coefficients == NewtonSchulzCoefficients::usual;
    const double p = usual ? 3.4445 : 1.875, q = usual ? -4.775 : -1.25, r5 = usual ? 2.0315 : 0.375;
    for (int k = 0; k < s.newton_schulz_steps; ++k)
      for (double& value : sigma) value = p * value + q * std::pow(value, 3) + r5 * std::pow(value, 5);
    const Eigen::MatrixXd o = svd.matrixU() * sigma.asDiagonal() * svd.matrixV().transpose();
    for (int r = 0; r < 2; ++r)
      for (int c = 0; c < 3; ++c) x[static_cast<std::size_t>(1 + 3 * r + c)] -= rate * o(r, c);
  }

  void step(double rate, const std::vector<double>& g, std::vector<double>& x) {
    ++t;
    if (const auto* s = std::get_if<Momentum>(&settings)) {
      for (std::size_t i = 0; i < 8; ++i) {
        m[i] = s->momentum * m[i] + g[i];
        x[i] -= rate * (s->nesterov ? g[i] + s->momentum * m[i] : m[i]);
      }
    } else if (const auto* a = std::get_if<Adam>(&settings)) {
      for (std::size_t i = 0; i < 8; ++i) adam(*a, rate, i, g[i], x[i]);
    } else {
      const auto& u = std::get<Muon>(settings);
      adam(u.adam, rate, 0, g[0], x[0]);
      muon(u, rate, g, x);
      adam(u.adam, rate, 7, g[7], x[7]);
    }
  }
};

}  // namespace

TEST_CASE("every optimiser comes down every test function") {
  for (const auto& function : test_functions())
    for (const auto& [settings, rate] : contenders()) {
      CAPTURE(function.name);
      CAPTURE(name(settings));
      const Optimizer optimizer(settings, 8, three_layers());
      const RateSchedule schedule{ScheduleKind::cosine, rate, 3000};
      auto state = optimizer.start();
      auto x = start_of(8);
      std::vector<double> exact(8), gradient(8);
      std::vector<float> rounded(8);
      for (int step = 0; step < 3000; ++step) {
        exact.assign(x.begin(), x.end());
        function.value_and_gradient(exact, gradient);
        rounded.assign(gradient.begin(), gradient.end());
        optimizer.step(state, schedule.at(step), rounded, x);
      }
      exact.assign(x.begin(), x.end());
      CHECK(function.value_and_gradient(exact, gradient) < function.reached);
    }
}

TEST_CASE("every optimiser takes the steps of its paper, computed in double") {
  for (const auto& function : test_functions())
    for (const auto& [settings, rate] : contenders()) {
      CAPTURE(function.name);
      CAPTURE(name(settings));
      const Optimizer optimizer(settings, 8, three_layers());
      Reference reference{settings};
      auto state = optimizer.start();
      auto x = start_of(8);
      std::vector<double> exact(x.begin(), x.end()), gradient(8);
      std::vector<float> rounded(8);
      for (int step = 0; step < 20; ++step) {
        function.value_and_gradient(exact, gradient);
        rounded.assign(gradient.begin(), gradient.end());
        optimizer.step(state, rate, rounded, x);
        reference.step(rate, gradient, exact);
      }
      for (std::size_t i = 0; i < 8; ++i) CHECK(x[i] == doctest::Approx(exact[i]).epsilon(2e-5));
    }
}

TEST_CASE("Adam's first three steps are those of an independent program") {
  // x = 1, f = x^2, rate 0.1; the formula evaluated in Python.
  const Optimizer optimizer(Adam{}, 1);
  auto state = optimizer.start();
  std::vector<float> x{1};
  for (const double wanted : {0.9000000005, 0.8004122287, 0.7015862729}) {
    const std::vector<float> gradient{2 * x[0]};
    optimizer.step(state, 0.1, gradient, x);
    CHECK(x[0] == doctest::Approx(wanted).epsilon(1e-6));
  }
}

TEST_CASE("weights that are not trainable are never written") {
  for (const auto& [settings, rate] : contenders()) {
    const std::vector<std::uint8_t> trainable{1, 0, 1, 0, 1, 1, 0, 0};
    const Optimizer optimizer(settings, 8, three_layers(), trainable);
    auto state = optimizer.start();
    auto x = start_of(8);
    const auto before = x;
    const std::vector<float> gradient(8, 0.3f);
    for (int step = 0; step < 5; ++step) optimizer.step(state, rate, gradient, x);
    for (std::size_t i = 0; i < 8; ++i) CHECK((x[i] == before[i]) == (trainable[i] == 0));
  }
}

TEST_CASE("Muon on a masked layer is the dense step with everything outside the mask left out") {
  auto layout = three_layers();
  layout.places.erase(layout.places.begin() + 3);  // row 0, column 2 does not exist
  const Optimizer masked(Muon{}, 7, layout), dense(Muon{}, 8, three_layers());
  auto masked_state = masked.start(), dense_state = dense.start();
  std::vector<float> x(7), y(8);
  const std::vector<float> g{0.1f, 0.2f, -0.3f, 0.5f, 0.1f, -0.6f, 0.2f};
  const std::vector<float> h{0.1f, 0.2f, -0.3f, 0.0f, 0.5f, 0.1f, -0.6f, 0.2f};
  masked.step(masked_state, 0.1, g, x);
  dense.step(dense_state, 0.1, h, y);
  y.erase(y.begin() + 3);
  CHECK(x == y);
}

TEST_CASE("Muon's hidden step does not depend on the size of the gradient, and tall matrices step further") {
  WeightLayout layout{{{1, 1}, {4, 1}, {1, 1}}, {{0, 0, 0}}};
  for (std::int32_t row = 0; row < 4; ++row) layout.places.push_back({1, row, 0});
  layout.places.push_back({2, 0, 0});
  const Muon muon{.newton_schulz_steps = 30, .coefficients = NewtonSchulzCoefficients::convergent};
  const Optimizer optimizer(muon, 6, layout);
  for (const float size : {1e-6f, 1.0f, 1e6f}) {
    auto state = optimizer.start();
    std::vector<float> x(6);
    optimizer.step(state, 0.01, std::vector<float>(6, size), x);
    // The orthogonal factor of a column of equal numbers is that column at length 1: 1/2 each, times sqrt(4 /
    // 1).
    for (std::size_t i = 1; i < 5; ++i) CHECK(x[i] == doctest::Approx(-0.01).epsilon(1e-5));
  }
}

TEST_CASE("optimisers refuse what cannot be") {
  CHECK_THROWS_AS(Optimizer(Muon{}, 8), ConfigError);
  CHECK_THROWS_AS(Optimizer(Adam{}, 3, {}, {1, 1}), ConfigError);
  CHECK_THROWS_AS(Optimizer(Adam{.beta1 = 1}, 3), ConfigError);
  CHECK_THROWS_AS(Optimizer(Momentum{.momentum = -0.1}, 3), ConfigError);
  CHECK_THROWS_AS(Optimizer(Muon{.newton_schulz_steps = 0}, 8, three_layers()), ConfigError);
  CHECK_THROWS_AS(parse_optimizer("lion"), ConfigError);
  for (const auto* text : {"adam", "sgd", "muon"}) CHECK(name(parse_optimizer(text)) == text);
}

namespace {

std::vector<double> random_matrix(MatrixShape shape, std::uint64_t seed) {
  RandomStream random(seed, "test matrix");
  std::vector<double> matrix(static_cast<std::size_t>(shape.rows * shape.columns));
  for (double& x : matrix) x = random.normal();
  return matrix;
}

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace

TEST_CASE("the convergent Newton-Schulz steps reach the orthogonal factor within 20") {
  for (const MatrixShape shape : {MatrixShape{5, 5}, {22, 22}, {8, 3}, {3, 8}, {1, 6}, {38, 38}})
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const auto matrix = random_matrix(shape, seed);
      const auto found = orthogonalize(matrix, shape, 20, NewtonSchulzCoefficients::convergent);
      const Eigen::Map<const RowMajor> given(matrix.data(), shape.rows, shape.columns);
      Eigen::JacobiSVD<Eigen::MatrixXd> svd(given, Eigen::ComputeThinU | Eigen::ComputeThinV);
      const Eigen::MatrixXd exact = svd.matrixU() * svd.matrixV().transpose();
      const Eigen::Map<const RowMajor> factor(found.data(), shape.rows, shape.columns);
      CHECK((factor - exact).cwiseAbs().maxCoeff() < 1e-8);
    }
}

TEST_CASE("the usual Newton-Schulz steps keep singular values in their bounds and never settle at 1") {
  double worst = 0;
  for (const int steps : {5, 10, 20})
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const MatrixShape shape{22, 22};
      auto matrix = random_matrix(shape, seed);
      // Five steps bring up what is not too small: keep the singular values above 1 % of the norm.
      Eigen::Map<RowMajor> given(matrix.data(), 22, 22);
      Eigen::JacobiSVD<Eigen::MatrixXd> svd(given, Eigen::ComputeThinU | Eigen::ComputeThinV);
      const Eigen::VectorXd lifted = svd.singularValues().cwiseMax(0.02 * given.norm());
      given = svd.matrixU() * lifted.asDiagonal() * svd.matrixV().transpose();
      const auto found = orthogonalize(matrix, shape, steps, NewtonSchulzCoefficients::usual);
      const Eigen::Map<const RowMajor> factor(found.data(), 22, 22);
      const Eigen::VectorXd values = Eigen::JacobiSVD<Eigen::MatrixXd>(factor).singularValues();
      CHECK(values.minCoeff() > 0.67);
      CHECK(values.maxCoeff() < 1.21);
      worst = std::max(worst, (values.array() - 1).abs().maxCoeff());
    }
  CHECK(worst > 0.1);
}

TEST_CASE("a zero matrix stays zero") {
  const std::vector<double> zero(12);
  CHECK(orthogonalize(zero, {3, 4}, 5, NewtonSchulzCoefficients::usual) == zero);
}
