// The exact share of compositional wirings (declared in wiring_volume.hpp), by the chain of the layers' counts.
#include <algorithm>
#include <cmath>
#include <vector>

#include "experiments/volume/wiring_volume.hpp"

namespace skein::experiments {
namespace {

/// Units of a layer: pure for each source, then mixed, then unreached.
using LayerCounts = std::vector<int>;

/// C(n, k), or `most` + 1 when it is more than `most`.
std::uint64_t bounded_binomial(std::uint64_t n, std::uint64_t k, std::uint64_t most) {
  double value = 1;
  for (std::uint64_t i = 1; i <= k; ++i) value *= static_cast<double>(n - k + i) / static_cast<double>(i);
  return value > static_cast<double>(most) ? most + 1 : static_cast<std::uint64_t>(std::llround(value));
}

/// All ways to deal `left` units to the places from `place` on.
void list_counts(LayerCounts& counts, std::size_t place, int left, std::vector<LayerCounts>& all) {
  if (place + 1 == counts.size()) {
    counts[place] = left;
    all.push_back(counts);
    return;
  }
  for (int n = 0; n <= left; ++n) {
    counts[place] = n;
    list_counts(counts, place + 1, left - n, all);
  }
}

/// The chance that a new unit is pure for each source, mixed, or unreached, over a layer of `counts`.
std::vector<double> unit_chances(const LayerCounts& counts, double q, double copies) {
  const std::size_t sources = counts.size() - 2;
  double below = 0;
  for (const int n : counts) below += n;
  const double live = below - counts.back();
  std::vector<double> chances(counts.size());
  double rest = 1;
  for (std::size_t s = 0; s < sources; ++s) {
    const double reads = std::pow(1 - q, live - counts[s]) * (1 - std::pow(1 - q, counts[s]));
    chances[s] = copies * counts[s] / below + (1 - copies) * reads;
    rest -= chances[s];
  }
  chances.back() = copies * counts.back() / below + (1 - copies) * std::pow(1 - q, live);
  chances[sources] = std::max(0.0, rest - chances.back());
  return chances;
}

}  // namespace

std::optional<double> exact_compositional(const RandomWiring& wiring, std::uint64_t most_states) {
  wiring.validate();
  const auto sources = static_cast<std::size_t>(wiring.sources);
  const auto width = static_cast<std::uint64_t>(wiring.width);
  if (bounded_binomial(width + sources + 1, sources + 1, most_states) > most_states) return std::nullopt;
  std::vector<LayerCounts> states;
  LayerCounts counts(sources + 2);
  list_counts(counts, 0, wiring.width, states);
  std::vector<double> log_factorial(width + 1, 0.0);
  for (std::size_t n = 2; n <= width; ++n)
    log_factorial[n] = log_factorial[n - 1] + std::log(static_cast<double>(n));

  // Adds `weight` times the multinomial distribution of the next layer's counts.
  const auto spread = [&](const std::vector<double>& chances, double weight, std::vector<double>& into) {
    std::vector<double> logs(chances.size());
    for (std::size_t k = 0; k < chances.size(); ++k)
      logs[k] = chances[k] > 0 ? std::log(chances[k]) : -HUGE_VAL;
    for (std::size_t state = 0; state < states.size(); ++state) {
      double log_chance = log_factorial[width];
      for (std::size_t k = 0; k < chances.size(); ++k)
        if (const int n = states[state][k]; n > 0)
          log_chance += n * logs[k] - log_factorial[static_cast<std::size_t>(n)];
      into[state] += weight * std::exp(log_chance);
    }
  };

  LayerCounts bottom(sources + 2, 1);
  bottom[sources] = bottom[sources + 1] = 0;
  std::vector<double> now(states.size(), 0.0);
  spread(unit_chances(bottom, wiring.read_probability(0), wiring.copies), 1, now);
  for (int layer = 1; layer < wiring.depth; ++layer) {
    std::vector<double> next(states.size(), 0.0);
    for (std::size_t state = 0; state < states.size(); ++state)
      if (now[state] > 0)
        spread(unit_chances(states[state], wiring.read_probability(layer), wiring.copies), now[state], next);
    now = std::move(next);
  }
  double share = 0;
  for (std::size_t state = 0; state < states.size(); ++state)
    if (std::all_of(states[state].begin(), states[state].begin() + static_cast<std::ptrdiff_t>(sources),
                    [](int n) { return n > 0; }))
      share += now[state];
  return share;
}

}  // namespace skein::experiments
