#pragma once

#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "experiments/measures/measures.hpp"

/// Evidence made by hand, for which the measures' values follow from their definitions.
namespace skein::test {

struct KnownAnswer {
  std::string measure;
  experiments::Evidence evidence;
  std::vector<std::uint32_t> items;
  std::optional<double> value;  ///< nothing: the measure has none there
};

struct KnownAnswers {
  std::vector<KnownAnswer> all;

  /// Of a measure over the first `items` of what the evidence has.
  void add(const char* measure, experiments::Evidence evidence, std::size_t items,
           std::optional<double> value) {
    std::vector<std::uint32_t> numbers(items);
    std::iota(numbers.begin(), numbers.end(), 0u);
    all.push_back({measure, std::move(evidence), std::move(numbers), value});
  }
};

/// Steps of `items` weights or directions, all reached.
inline experiments::Steps reached(std::size_t items) {
  experiments::Steps steps;
  steps.items.resize(items);
  steps.effects.resize(2 * items);
  steps.layer.assign(items, 1);
  for (experiments::Effect& effect : steps.effects) effect.match.reached = true;
  return steps;
}

/// What a step does to the picture, in numbers.
void add_answers_of_effects(KnownAnswers& answers);
/// Where steps change the picture, and which of them likewise.
void add_answers_of_changes(KnownAnswers& answers);
/// The maps of the units.
void add_answers_of_units(KnownAnswers& answers);
/// The network as a whole, and the picture's parts.
void add_answers_of_networks(KnownAnswers& answers);

}  // namespace skein::test
