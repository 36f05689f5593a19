#include "experiments/parts/piece_learner.hpp"

#include <algorithm>
#include <cmath>

namespace skein::experiments {

PieceMask PieceLearner::mask(const Picture& wanted, const Picture& nothing, const PieceMask& fixed,
                             std::uint64_t seed) const {
  Loss loss(plan_, grid_, wanted);
  const double scale = 1 / std::max(1e-6, mean_squared_error(nothing, wanted));
  Weights gated(net_.weights.size()), gradient(net_.weights.size());
  const GatedLoss by_gates = [&](std::span<const double> gates, std::span<double> by_gate) {
    ask_();
    for (std::size_t s = 0; s < gated.size(); ++s)
      gated[s] = static_cast<float>(static_cast<double>(net_.weights[s]) * gates[s]);
    const double value = loss.value_and_gradient(gated, gradient);
    for (std::size_t s = 0; s < gated.size(); ++s)
      by_gate[s] = scale * static_cast<double>(gradient[s]) * static_cast<double>(net_.weights[s]);
    return scale * value;
  };
  const auto value = [&](const PieceMask& on) {
    ask_();
    return scale * loss.value(kept(on));
  };
  const auto learned = [&](bool from_nothing) {
    MaskSettings settings = settings_;
    settings.seed = seed;
    settings.from_nothing = from_nothing;
    const auto scores = learn_mask(net_.weights.size(), fixed, by_gates, settings);
    PieceMask on(scores.size());
    for (std::size_t s = 0; s < on.size(); ++s) on[s] = scores[s] > 0;
    drop_unread(on, fixed);
    tidy(on, fixed, value);
    drop_unread(on, fixed);
    return on;
  };
  PieceMask first = learned(false);
  const auto free = std::ranges::count(fixed, std::uint8_t{0});
  const std::ptrdiff_t always = std::ssize(fixed) - free;
  if (always == 0 || free == 0) return first;
  PieceMask second = learned(true);
  const auto cost = [&](const PieceMask& on) {
    const auto extra = std::ranges::count(on, std::uint8_t{1}) - always;
    return value(on) + settings_.penalty * static_cast<double>(extra) / static_cast<double>(free);
  };
  return cost(second) < cost(first) ? second : first;
}

/// Takes away what costs more than it gives, the lightest first: groups as a whole where that pays, else halved.
void PieceLearner::tidy(PieceMask& on, const PieceMask& fixed,
                        const std::function<double(const PieceMask&)>& value) const {
  std::vector<std::size_t> order;
  for (std::size_t s = 0; s < on.size(); ++s)
    if (on[s] && !fixed[s]) order.push_back(s);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return std::abs(net_.weights[a]) < std::abs(net_.weights[b]);
  });
  const auto free = static_cast<double>(std::ranges::count(fixed, std::uint8_t{0}));
  double now = value(on);
  const auto visit = [&](const auto& self, std::size_t first, std::size_t last) -> void {
    if (first == last) return;
    for (std::size_t i = first; i < last; ++i) on[order[i]] = 0;
    const double then = value(on);
    if (then <= now + settings_.penalty * static_cast<double>(last - first) / free) {
      now = then;
      return;
    }
    for (std::size_t i = first; i < last; ++i) on[order[i]] = 1;
    if (last - first == 1) return;
    const std::size_t middle = first + (last - first) / 2;
    self(self, first, middle);
    self(self, middle, last);
  };
  visit(visit, 0, order.size());
}

/// Takes away weights into units from which nothing kept leads to an output: they do nothing.
void PieceLearner::drop_unread(PieceMask& on, const PieceMask& fixed) const {
  const Network& network = net_.network;
  std::vector<std::uint8_t> read(static_cast<std::size_t>(network.value_count()), 0);
  for (const ValueIndex output : network.outputs()) read[output] = 1;
  for (int u = network.unit_count() - 1; u >= 0; --u) {
    const bool used = read[static_cast<std::size_t>(network.input_count() + u)] != 0;
    for (const Edge& edge : network.edges_of(u)) {
      if (used && on[edge.slot]) read[edge.source] = 1;
      if (!used && !fixed[edge.slot]) on[edge.slot] = 0;
    }
  }
}

Weights PieceLearner::kept(const PieceMask& mask) const {
  Weights weights = net_.weights;
  for (std::size_t s = 0; s < weights.size(); ++s)
    if (!mask[s]) weights[s] = 0;
  return weights;
}

}  // namespace skein::experiments
