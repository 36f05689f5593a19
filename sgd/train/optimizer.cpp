#include "sgd/train/optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"

namespace skein::sgd {

namespace {

void require_fraction(double value, const char* what) {
  if (!(value >= 0 && value < 1))
    throw ConfigError(std::string(what) + " is " + std::to_string(value) + "; it must lie in [0, 1)");
}

void check(const Adam& adam) {
  require_fraction(adam.beta1, "Adam's beta1");
  require_fraction(adam.beta2, "Adam's beta2");
  if (!(adam.epsilon > 0)) throw ConfigError("Adam's epsilon must be positive");
}

void check(const Momentum& momentum) { require_fraction(momentum.momentum, "momentum"); }

void check(const Muon& muon) {
  require_fraction(muon.momentum, "Muon's momentum");
  if (muon.newton_schulz_steps < 1 || muon.newton_schulz_steps > 1000)
    throw ConfigError("Newton-Schulz steps is " + std::to_string(muon.newton_schulz_steps) +
                      "; it must lie between 1 and 1000");
  check(muon.adam);
}

/// Adam's two bias corrections at a step, counted from 1.
struct Correction {
  Correction(const Adam& adam, std::int64_t step)
      : first(1 - std::pow(adam.beta1, static_cast<double>(step))),
        second(1 - std::pow(adam.beta2, static_cast<double>(step))) {}
  double first, second;
};

float adam_step(const Adam& adam, const Correction& correction, double rate, double gradient, double& mean,
                double& square, float weight) {
  mean = adam.beta1 * mean + (1 - adam.beta1) * gradient;
  square = adam.beta2 * square + (1 - adam.beta2) * gradient * gradient;
  const double step = (mean / correction.first) / (std::sqrt(square / correction.second) + adam.epsilon);
  return static_cast<float>(weight - rate * step);
}

}  // namespace

std::string_view name(const OptimizerSettings& settings) {
  constexpr std::string_view names[] = {"adam", "sgd", "muon"};
  return names[settings.index()];
}

OptimizerSettings parse_optimizer(std::string_view text) {
  for (const auto& settings :
       {OptimizerSettings(Adam{}), OptimizerSettings(Momentum{}), OptimizerSettings(Muon{})})
    if (name(settings) == text) return settings;
  throw ConfigError("optimizer \"" + std::string(text) + "\" is unknown; there are adam, muon, sgd");
}

void validate(const OptimizerSettings& settings) {
  std::visit([](const auto& kind) { check(kind); }, settings);
}

Optimizer::Optimizer(OptimizerSettings settings, std::size_t slots, WeightLayout layout,
                     std::vector<std::uint8_t> trainable)
    : settings_(settings), layout_(std::move(layout)), trainable_(std::move(trainable)), by_muon_(slots) {
  validate(settings_);
  if (trainable_.empty()) trainable_.assign(slots, 1);
  if (trainable_.size() != slots)
    throw ConfigError(std::to_string(trainable_.size()) + " trainable flags for " + std::to_string(slots) +
                      " weights");
  if (!std::holds_alternative<Muon>(settings_)) return;
  if (layout_.places.size() != slots)
    throw ConfigError(
        "Muon needs to know the matrix of every weight: " + std::to_string(layout_.places.size()) +
        " places for " + std::to_string(slots) + " weights");
  for (std::size_t layer = 1; layer + 1 < layout_.layers.size(); ++layer) {
    const auto number = static_cast<std::int32_t>(layer);
    const auto low = std::ranges::lower_bound(layout_.places, number, {}, &WeightPlace::layer);
    const auto high = std::ranges::upper_bound(layout_.places, number, {}, &WeightPlace::layer);
    const auto first = static_cast<std::size_t>(low - layout_.places.begin());
    const auto last = static_cast<std::size_t>(high - layout_.places.begin());
    hidden_.push_back({layout_.layers[layer], first, last});
    std::fill(by_muon_.begin() + static_cast<std::ptrdiff_t>(first),
              by_muon_.begin() + static_cast<std::ptrdiff_t>(last), std::uint8_t{1});
  }
}

OptimizerState Optimizer::start() const {
  const bool squares = !std::holds_alternative<Momentum>(settings_);
  return {0, std::vector<double>(trainable_.size()), std::vector<double>(squares ? trainable_.size() : 0)};
}

void Optimizer::step(OptimizerState& state, double rate, std::span<const float> gradient,
                     std::span<float> weights) const {
  ++state.step;
  if (const auto* descent = std::get_if<Momentum>(&settings_)) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (!trainable_[i]) continue;
      const double g = gradient[i];
      state.first[i] = descent->momentum * state.first[i] + g;
      const double step = descent->nesterov ? g + descent->momentum * state.first[i] : state.first[i];
      weights[i] = static_cast<float>(weights[i] - rate * step);
    }
    return;
  }
  const auto* muon = std::get_if<Muon>(&settings_);
  const Adam adam = muon ? muon->adam : std::get<Adam>(settings_);
  const Correction correction(adam, state.step);
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (trainable_[i] && !by_muon_[i])
      weights[i] =
          adam_step(adam, correction, rate, gradient[i], state.first[i], state.second[i], weights[i]);
  if (muon)
    parallel_for(hidden_.size(),
                 [&](std::size_t h) { step_muon(*muon, hidden_[h], state, rate, gradient, weights); });
}

void Optimizer::step_muon(const Muon& muon, const Hidden& layer, OptimizerState& state, double rate,
                          std::span<const float> gradient, std::span<float> weights) const {
  const auto columns = static_cast<std::size_t>(layer.shape.columns);
  const auto place = [&](std::size_t slot) {
    return static_cast<std::size_t>(layout_.places[slot].row) * columns +
           static_cast<std::size_t>(layout_.places[slot].column);
  };
  std::vector<double> direction(static_cast<std::size_t>(layer.shape.rows) * columns);
  for (std::size_t i = layer.first; i < layer.last; ++i) {
    if (!trainable_[i]) continue;
    const double g = gradient[i];
    double& mean = state.first[i];
    mean = muon.momentum * mean + (1 - muon.momentum) * g;
    direction[place(i)] = muon.nesterov ? muon.momentum * mean + (1 - muon.momentum) * g : mean;
  }
  const auto factor = orthogonalize(direction, layer.shape, muon.newton_schulz_steps, muon.coefficients);
  const double scale = std::sqrt(std::max(1.0, static_cast<double>(layer.shape.rows) / layer.shape.columns));
  for (std::size_t i = layer.first; i < layer.last; ++i)
    if (trainable_[i]) weights[i] = static_cast<float>(weights[i] - rate * scale * factor[place(i)]);
}

}  // namespace skein::sgd
