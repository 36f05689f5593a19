#include "tests/support/two_spirals.hpp"

#include <cmath>
#include <numbers>

namespace skein::test {

SampleTable two_spirals(std::size_t each) {
  SampleTable table{3, 2 * each, std::vector<float>(6 * each, 1.0f)};
  for (std::size_t i = 0; i < each; ++i) {
    const double t = static_cast<double>(i) / static_cast<double>(each), radius = 1 - 0.9 * t;
    const double angle = 6 * std::numbers::pi * t;
    for (const std::size_t spiral : {0u, 1u}) {
      const double sign = spiral == 0 ? 1 : -1;
      table.values[2 * i + spiral] = static_cast<float>(sign * radius * std::sin(angle));
      table.values[table.count + 2 * i + spiral] = static_cast<float>(sign * radius * std::cos(angle));
    }
  }
  return table;
}

std::vector<float> spiral_classes(std::size_t each) {
  std::vector<float> classes;
  for (std::size_t i = 0; i < 2 * each; ++i) classes.push_back(i % 2 == 0 ? -1.0f : 1.0f);
  return classes;
}

sgd::Wiring spiral_wiring(int units) {
  const std::string count = std::to_string(units);
  return sgd::dense_wiring(sgd::parse_architecture("2;tanh:" + count + ",sin:" + count),
                           {{"a", "b", "bias"}, {"side"}});
}

SampleLoss logistic_loss(std::vector<float> classes) {
  return {[classes = std::move(classes)](std::size_t sample, std::span<const float> outputs,
                                         std::span<float> gradient) {
            const double margin =
                2.0 * static_cast<double>(classes[sample]) * static_cast<double>(outputs[0]);
            gradient[0] =
                static_cast<float>(-2.0 * static_cast<double>(classes[sample]) / (1 + std::exp(margin)));
            return margin > 0 ? std::log1p(std::exp(-margin)) : std::log1p(std::exp(margin)) - margin;
          },
          "logistic"};
}

double accuracy(const sgd::Mlp& mlp, const SampleTable& samples, const std::vector<float>& classes) {
  std::vector<float> outputs(samples.count);
  evaluate(Plan(sgd::lower(mlp.wiring).network), mlp.weights, samples, outputs);
  std::size_t right = 0;
  for (std::size_t i = 0; i < samples.count; ++i) right += outputs[i] * classes[i] > 0;
  return static_cast<double>(right) / static_cast<double>(samples.count);
}

}  // namespace skein::test
