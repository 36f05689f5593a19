#include "experiments/parts/learned_mask.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {

void MaskSettings::validate() const {
  if (steps < 1 || steps > 1'000'000)
    throw ConfigError("mask steps " + std::to_string(steps) + ": must be 1 to 1000000");
  if (!(rate > 0) || !std::isfinite(rate)) throw ConfigError("the rate of the masks must be above 0");
  if (!(start > 0) || !(start_spread >= 0)) throw ConfigError("masks start above 0");
  if (!(first_beta > 0) || !(last_beta >= first_beta) || !(penalty >= 0))
    throw ConfigError("beta must rise from above 0, the penalty not be below 0");
}

std::vector<double> learn_mask(std::size_t gates, std::span<const std::uint8_t> fixed, const GatedLoss& loss,
                               const MaskSettings& settings) {
  constexpr double beta1 = 0.8, beta2 = 0.9, epsilon = 1e-12;
  std::vector<double> s(gates), m(gates), gradient(gates), first(gates, 0.0), second(gates, 0.0);
  RandomStream random(settings.seed, "initial masks");
  std::size_t free = 0;
  for (std::size_t i = 0; i < gates; ++i) {
    const double drawn = settings.start + settings.start_spread * random.truncated_normal();
    s[i] = fixed[i] ? std::numeric_limits<double>::infinity() : settings.from_nothing ? -drawn : drawn;
    free += !fixed[i];
  }
  if (free == 0) return s;
  const double cost = settings.penalty / static_cast<double>(free);
  for (int step = 0; step < settings.steps; ++step) {
    const double beta = settings.first_beta * std::pow(settings.last_beta / settings.first_beta,
                                                       static_cast<double>(step) / settings.steps);
    for (std::size_t i = 0; i < gates; ++i) m[i] = fixed[i] ? 1.0 : 1 / (1 + std::exp(-beta * s[i]));
    loss(m, gradient);
    const double correct1 = 1 - std::pow(beta1, step + 1), correct2 = 1 - std::pow(beta2, step + 1);
    for (std::size_t i = 0; i < gates; ++i) {
      if (fixed[i]) continue;
      const double by_mask = (std::isfinite(gradient[i]) ? gradient[i] : 0.0) + cost;
      // The slope of the sigmoid, beta m (1 - m), is left out: it is the same for both terms, so their balance is
      // kept, and under Adam it would only leave s where it stands once the mask is hard.
      const double g = by_mask;
      first[i] = beta1 * first[i] + (1 - beta1) * g;
      second[i] = beta2 * second[i] + (1 - beta2) * g * g;
      s[i] -= settings.rate * (first[i] / correct1) / (std::sqrt(second[i] / correct2) + epsilon);
      s[i] = std::clamp(s[i], -settings.start, settings.start);
    }
  }
  return s;
}

}  // namespace skein::experiments
