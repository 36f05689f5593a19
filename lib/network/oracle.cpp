#include "lib/network/oracle.hpp"

#include <algorithm>
#include <cmath>

#include "lib/base/error.hpp"

namespace skein {

namespace {

double squash(Activation activation, double z) {
  switch (activation) {
    case Activation::identity:
      return z;
    case Activation::sin:
      return std::sin(z);
    case Activation::cos:
      return std::cos(z);
    case Activation::tanh:
      return std::tanh(z);
    case Activation::relu:
      return std::max(z, 0.0);
    case Activation::sigmoid:
      return 2.0 / (1.0 + std::exp(-z)) - 1.0;
    case Activation::gaussian:
      return 2.0 * std::exp(-(z * z)) - 1.0;
    case Activation::steep_sigmoid:
      return 1.0 / (1.0 + std::exp(-4.9 * z));
  }
  return z;
}

/// hsv2rgb by sectors, the textbook way.
std::vector<double> colour(double h, double s, double v) {
  const double hue = std::fmod(std::fmod(h + 1.0, 1.0) + 1.0, 1.0) * 6.0;
  const double saturation = std::min(std::max(s, 0.0), 1.0);
  const double value = std::min(std::abs(v), 1.0);
  const double fraction = hue - std::floor(hue);
  const double p = value * (1.0 - saturation);
  const double q = value * (1.0 - saturation * fraction);
  const double t = value * (1.0 - saturation * (1.0 - fraction));
  switch (static_cast<int>(std::floor(hue)) % 6) {
    case 0:
      return {value, t, p};
    case 1:
      return {q, value, p};
    case 2:
      return {p, value, t};
    case 3:
      return {p, q, value};
    case 4:
      return {t, p, value};
    default:
      return {value, p, q};
  }
}

}  // namespace

std::vector<double> oracle_values(const Network& network, std::span<const double> weights,
                                  std::span<const double> inputs) {
  std::vector<double> values(inputs.begin(), inputs.end());
  for (int u = 0; u < network.unit_count(); ++u) {
    double sum = 0;
    for (const Edge& edge : network.edges_of(u)) sum += weights[edge.slot] * values[edge.source];
    values.push_back(squash(network.units()[static_cast<std::size_t>(u)].activation, sum));
  }
  return values;
}

std::vector<double> oracle_outputs(const Network& network, std::span<const double> weights,
                                   std::span<const double> inputs) {
  const auto values = oracle_values(network, weights, inputs);
  std::vector<double> outputs;
  for (const ValueIndex value : network.outputs()) outputs.push_back(values[value]);
  return outputs;
}

std::vector<double> oracle_inputs(const Network& network, const Grid& grid, int row, int column) {
  const double x = grid.width == 1 ? 0.0 : -grid.extent + 2.0 * grid.extent * column / (grid.width - 1);
  const double y = grid.height == 1 ? 0.0 : -grid.extent + 2.0 * grid.extent * row / (grid.height - 1);
  std::vector<double> inputs;
  for (const std::string& input : network.signature().inputs) {
    if (input == "x") inputs.push_back(x);
    else if (input == "y") inputs.push_back(y);
    else if (input == "d") inputs.push_back(1.4 * std::hypot(x, y));
    else if (input == "bias") inputs.push_back(1.0);
    else throw ConfigError("a picture grid has no input named '" + input + "'; it has x, y, d, bias");
  }
  return inputs;
}

double oracle_picture_loss(const Network& network, std::span<const double> weights, const Grid& grid,
                           const Picture& target) {
  double sum = 0;
  for (int row = 0; row < grid.height; ++row)
    for (int column = 0; column < grid.width; ++column) {
      const auto hsv = oracle_outputs(network, weights, oracle_inputs(network, grid, row, column));
      const auto rgb = colour(hsv[0], hsv[1], hsv[2]);
      const auto pixel = static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.width) +
                         static_cast<std::size_t>(column);
      for (int c = 0; c < 3; ++c) {
        const double difference =
            rgb[static_cast<std::size_t>(c)] - static_cast<double>(target.channel(c)[pixel]);
        sum += difference * difference;
      }
    }
  return sum / (3.0 * static_cast<double>(grid.pixels()));
}

}  // namespace skein
