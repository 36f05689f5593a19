#include "experiments/practice/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "experiments/statistics/rank_correlation.hpp"
#include "experiments/statistics/spread.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

/// What practice says of a cell, by the name of an agreement; more is what the theory's share should go with.
std::optional<double> said_of(const std::string& practice, const std::vector<PracticeStart>& starts,
                              double factored) {
  if (practice == "participation") {
    const auto median = median_participation(starts);
    return median ? std::optional(-*median) : std::nullopt;
  }
  const auto hits = std::ranges::count_if(starts, [&](const PracticeStart& start) {
    return practice == "arrived" ? start.arrived : start.factored(factored);
  });
  return static_cast<double>(hits) / static_cast<double>(starts.size());
}

/// The rank correlation over those cells that have the number; `starts_of` gives a cell's starts.
template <class StartsOf>
std::pair<double, std::size_t> correlation_over(const std::vector<PracticeCell>& cells,
                                                const std::string& practice, double factored,
                                                const StartsOf& starts_of) {
  std::vector<double> theory, seen;
  for (const PracticeCell& cell : cells)
    if (const auto said = said_of(practice, starts_of(cell), factored)) {
      theory.push_back(cell.theory.value);
      seen.push_back(*said);
    }
  return {rank_correlation(theory, seen), seen.size()};
}

Agreement agree(const std::vector<PracticeCell>& cells, const std::string& practice, double factored,
                std::uint64_t seed) {
  constexpr int resamples = 2000;
  Agreement result{practice, {}, {}, {}, 0};
  const auto [correlation, count] =
      correlation_over(cells, practice, factored, [](const PracticeCell& cell) { return cell.starts; });
  result.cells = count;
  if (!std::isfinite(correlation)) return result;
  result.correlation = correlation;
  std::vector<double> drawn;
  RandomStream random(seed, "volume agreement " + practice);
  for (int i = 0; i < resamples; ++i) {
    const double again =
        correlation_over(cells, practice, factored, [&](const PracticeCell& cell) {
          std::vector<PracticeStart> starts;
          for (std::size_t s = 0; s < cell.starts.size(); ++s)
            starts.push_back(cell.starts[random.below(static_cast<std::uint32_t>(cell.starts.size()))]);
          return starts;
        }).first;
    if (std::isfinite(again)) drawn.push_back(again);
  }
  if (drawn.empty()) return result;
  std::ranges::sort(drawn);
  const auto at = [&](double part) {
    return drawn[static_cast<std::size_t>(std::llround(part * static_cast<double>(drawn.size() - 1)))];
  };
  result.low = at(0.025), result.high = at(0.975);
  return result;
}

}  // namespace

std::optional<double> median_participation(const std::vector<PracticeStart>& starts) {
  std::vector<double> found;
  for (const PracticeStart& start : starts)
    if (start.participation) found.push_back(*start.participation);
  if (found.empty()) return {};
  return spread(std::move(found)).median;
}

std::vector<Agreement> agreement_of(const std::vector<PracticeCell>& cells, double factored,
                                    std::uint64_t seed) {
  std::vector<Agreement> all;
  for (const char* practice : {"arrived", "factored", "participation"})
    all.push_back(agree(cells, practice, factored, seed));
  return all;
}

}  // namespace skein::experiments
