#include <vector>

#include "experiments/measure_functions.hpp"

namespace skein::experiments::measure {
namespace {

/// How alike the effects of two weights are that stand to each other as `related` says, over how alike any
/// two weights' are. Pairs of one weight with itself (upward and downward) are no pairs.
template <class Related>
Value likeness_of(const Evidence& evidence, Items items, Related&& related) {
  const Steps& steps = evidence.weights;
  std::vector<std::size_t> rows;
  for (const std::uint32_t item : items)
    for (const std::size_t row : {2 * std::size_t{item}, 2 * std::size_t{item} + 1})
      if (steps.effects[row].match.reached && (rows.empty() || rows.back() < row)) rows.push_back(row);
  double all = 0, chosen = 0;
  std::size_t all_pairs = 0, chosen_pairs = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = i + 1; j < rows.size(); ++j) {
      const std::size_t a = rows[i] / 2, b = rows[j] / 2;
      if (a == b) continue;
      const auto alike = static_cast<double>(
          steps.likeness(static_cast<Eigen::Index>(rows[i]), static_cast<Eigen::Index>(rows[j])));
      all += alike;
      ++all_pairs;
      if (!related(steps, a, b)) continue;
      chosen += alike;
      ++chosen_pairs;
    }
  constexpr std::size_t fewest = 8;  // pairs, below which a mean says nothing
  if (chosen_pairs < fewest || all <= 0) return {};
  return chosen / static_cast<double>(chosen_pairs) / (all / static_cast<double>(all_pairs));
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

}  // namespace skein::experiments::measure
