#include <map>
#include <vector>

#include "experiments/measures/measure_functions.hpp"

namespace skein::experiments::measure {
namespace {

/// Rows of the steps that were reached, of the items chosen, each once.
std::vector<std::size_t> reached_steps(const Steps& steps, Items items) {
  std::vector<std::size_t> rows;
  for (const std::uint32_t item : items)
    for (const std::size_t row : {2 * std::size_t{item}, 2 * std::size_t{item} + 1})
      if (steps.effects[row].match.reached && (rows.empty() || rows.back() < row)) rows.push_back(row);
  return rows;
}

double alike(const Steps& steps, std::size_t a, std::size_t b) {
  return static_cast<double>(steps.likeness(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b)));
}

/// A mean that is still being taken.
struct Mean {
  double sum = 0;
  std::size_t count = 0;
  void add(double value) {
    sum += value;
    ++count;
  }
  double value() const { return sum / static_cast<double>(count); }
};

constexpr std::size_t fewest = 8;  ///< pairs, below which a mean says nothing

/// How alike the effects of two weights are that stand to each other as `related` says, over how alike any
/// two weights' are. Pairs of one weight with itself (upward and downward) are no pairs.
template <class Related>
Value likeness_of(const Evidence& evidence, Items items, Related&& related) {
  const Steps& steps = evidence.weights;
  const auto rows = reached_steps(steps, items);
  Mean all, chosen;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = i + 1; j < rows.size(); ++j) {
      const std::size_t a = rows[i] / 2, b = rows[j] / 2;
      if (a == b) continue;
      const double likeness = alike(steps, rows[i], rows[j]);
      all.add(likeness);
      if (related(steps, a, b)) chosen.add(likeness);
    }
  if (chosen.count < fewest || all.sum <= 0) return {};
  return chosen.value() / all.value();
}

}  // namespace

Value parallel_likeness(const Evidence& evidence, Items items) {
  return likeness_of(evidence, items, [](const Steps& steps, std::size_t a, std::size_t b) {
    return steps.layer[a] == steps.layer[b] && steps.target[a] != steps.target[b];
  });
}

Value outlet_likeness(const Evidence& evidence, Items items) {
  const auto inputs = static_cast<ValueIndex>(evidence.subject.network.input_count());
  return likeness_of(evidence, items, [&](const Steps& steps, std::size_t a, std::size_t b) {
    return steps.source[a] == steps.source[b] && steps.source[a] >= inputs;
  });
}

Value chain_likeness(const Evidence& evidence, Items items) {
  return likeness_of(evidence, items, [](const Steps& steps, std::size_t a, std::size_t b) {
    return steps.target[a] == steps.source[b] || steps.target[b] == steps.source[a];
  });
}

Value unit_interference(const Evidence& evidence, Items items) {
  const Steps& steps = evidence.directions;
  const auto rows = reached_steps(steps, items);
  Mean all;
  std::map<std::int32_t, Mean> within;  // by layer
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = i + 1; j < rows.size(); ++j) {
      const std::size_t a = rows[i] / 2, b = rows[j] / 2;
      if (steps.target[a] == steps.target[b]) continue;
      const double likeness = alike(steps, rows[i], rows[j]);
      all.add(likeness);
      if (steps.layer[a] != steps.layer[b]) continue;
      within[steps.layer[a]].add(likeness);
      ++pairs;
    }
  if (pairs < fewest || all.sum <= 0) return {};
  Mean layers;
  for (const auto& [layer, mean] : within) layers.add(mean.value());
  return layers.value() / all.value();
}

}  // namespace skein::experiments::measure
