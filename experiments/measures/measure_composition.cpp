#include <algorithm>
#include <cmath>
#include <vector>

#include "experiments/measures/measure_functions.hpp"

namespace skein::experiments::measure {
namespace {

/// A number of every effect that was reached, of the items chosen.
template <class Number>
std::vector<double> of_reached(const Steps& steps, Items items, Number&& number) {
  std::vector<double> values;
  for (const std::uint32_t item : items)
    for (const std::size_t i : {2 * std::size_t{item}, 2 * std::size_t{item} + 1})
      if (steps.effects[i].match.reached) values.push_back(number(steps.effects[i]));
  return values;
}

/// What the judge said of the effects that were reached, where it said something.
std::vector<double> of_judged(const Steps& steps, Items items) {
  std::vector<double> values;
  for (const std::uint32_t item : items)
    for (const std::size_t i : {2 * std::size_t{item}, 2 * std::size_t{item} + 1})
      if (steps.effects[i].match.reached && steps.effects[i].whole) values.push_back(*steps.effects[i].whole);
  return values;
}

Value mean(const std::vector<double>& values) {
  if (values.empty()) return {};
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Value median(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

Value ratio(Value log_ratio) { return log_ratio ? Value(std::exp(*log_ratio)) : Value(); }

}  // namespace

Value whole_by_weights(const Evidence& evidence, Items items) {
  return mean(of_judged(evidence.weights, items));
}

Value whole_by_directions(const Evidence& evidence, Items items) {
  return mean(of_judged(evidence.directions, items));
}

Value colour_compressed_growth(const Evidence& evidence, Items items) {
  return ratio(median(of_reached(evidence.weights, items,
                                 [](const Effect& effect) { return effect.colour_compressed_growth; })));
}

Value compressed_growth(const Evidence& evidence, Items items) {
  return ratio(median(of_reached(evidence.weights, items,
                                 [](const Effect& effect) { return effect.traits.compressed_growth; })));
}

Value symmetry_loss(const Evidence& evidence, Items items) {
  return mean(of_reached(evidence.weights, items,
                         [](const Effect& effect) { return effect.traits.asymmetry_growth; }));
}

Value shade_shift(const Evidence& evidence, Items items) {
  return mean(
      of_reached(evidence.weights, items, [](const Effect& effect) { return effect.traits.shade_shift; }));
}

Value debris(const Evidence& evidence, Items items) {
  return mean(
      of_reached(evidence.weights, items, [](const Effect& effect) { return effect.traits.island_growth; }));
}

Value unreached(const Evidence& evidence, Items items) {
  if (items.empty()) return {};
  const auto reached = of_reached(evidence.weights, items, [](const Effect&) { return 1.0; });
  return 1 - static_cast<double>(reached.size()) / (2 * static_cast<double>(items.size()));
}

Value noise_change(const Evidence& evidence, Items items) {
  std::vector<double> changes;
  for (const std::uint32_t item : items) changes.push_back(evidence.noise_changes[item]);
  return mean(changes);
}

Value zoom_growth(const Evidence& evidence, Items) {
  if (!evidence.finite) return {};
  return std::exp(evidence.zoom_growth);
}

Value resolution_change(const Evidence& evidence, Items) {
  if (!evidence.finite) return {};
  return evidence.resolution_change;
}

}  // namespace skein::experiments::measure
