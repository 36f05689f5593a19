#include "sgd/mlp/initial_weights.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::sgd {

namespace {

/// Standard deviation of a unit normal truncated at +-2, which the draw is divided by.
constexpr double truncated_deviation = 0.87962566103423978;

}  // namespace

void InitialWeightSettings::validate() const {
  if (!(scale > 0) || !std::isfinite(scale))
    throw ConfigError("scale of the initial weights is " + std::to_string(scale) + "; it must be positive");
}

Weights initial_weights(const Wiring& wiring, const InitialWeightSettings& settings) {
  settings.validate();
  Weights weights;
  weights.reserve(static_cast<std::size_t>(wiring.weight_count()));
  for (std::size_t layer = 0; layer < wiring.masks.size(); ++layer) {
    const MatrixShape shape = wiring.shape(static_cast<int>(layer));
    const auto columns = static_cast<std::size_t>(shape.columns);
    RandomStream random(settings.seed, "initial weights", layer);
    for (std::size_t row = 0; row < static_cast<std::size_t>(shape.rows); ++row) {
      const auto* mask = wiring.masks[layer].data() + row * columns;
      const auto* copy = wiring.copies[layer].data() + row * columns;
      const auto fan_in = static_cast<double>(std::count(mask, mask + columns, std::uint8_t{1}));
      for (std::size_t column = 0; column < columns; ++column) {
        const double draw = random.truncated_normal() / truncated_deviation;
        if (!mask[column]) continue;
        const bool one = settings.copies_at_one && copy[column];
        weights.push_back(one ? 1.0f : static_cast<float>(settings.scale * draw / std::sqrt(fan_in)));
      }
    }
  }
  return weights;
}

}  // namespace skein::sgd
