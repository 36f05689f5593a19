#include "experiments/basin/census.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "experiments/runs/shared_work.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

StartResult result_of(std::uint64_t index, const Fit& fit) {
  return {index, fit.first_loss, fit.loss, fit.best_loss, fit.steps, fit.diverged, fit.seconds};
}

CensusCell cell_of(const StartSource& source, std::vector<StartResult> starts, double bar) {
  CensusCell cell{source.name, source.weights, std::move(starts), 0, {}};
  for (const StartResult& start : cell.starts) cell.arrived += start.arrived(bar) ? 1 : 0;
  cell.share = wilson_share(cell.arrived, cell.starts.size());
  return cell;
}

}  // namespace

std::vector<std::uint64_t> CensusCell::arrivals(double bar, std::size_t most) const {
  std::vector<std::uint64_t> indices;
  for (const StartResult& start : starts)
    if (start.arrived(bar) && indices.size() < most) indices.push_back(start.index);
  return indices;
}

double CensusCell::loss_quantile(double quantile) const {
  std::vector<double> losses;
  for (const StartResult& start : starts)
    losses.push_back(start.diverged ? std::numeric_limits<double>::infinity() : start.best_loss);
  if (losses.empty()) return std::nan("");
  std::ranges::sort(losses);
  const double place = quantile * static_cast<double>(losses.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const double part = place - static_cast<double>(below);
  if (part == 0 || losses[below] == losses[below + 1])
    return losses[below];  // infinity less infinity is none
  return losses[below] + part * (losses[below + 1] - losses[below]);
}

sgd::Mlp start_of(const StartSource& source, std::uint64_t seed, std::uint64_t index) {
  return source.make(seed_of_start(seed, source.name, index));
}

std::optional<std::vector<CensusCell>> run_census(const std::vector<StartSource>& sources,
                                                  const Picture& target, const CensusSettings& settings,
                                                  StartBook& book, const ProgressListener& listener) {
  if (settings.starts < 1)
    throw ConfigError("starts is " + std::to_string(settings.starts) + "; at least 1 is needed");
  const auto wanted = static_cast<std::uint64_t>(settings.starts);
  std::vector<std::vector<StartResult>> results(sources.size());
  std::vector<std::pair<std::size_t, std::uint64_t>> missing;
  for (std::size_t s = 0; s < sources.size(); ++s) {
    results[s].resize(wanted);
    for (std::uint64_t i = 0; i < wanted; ++i) {
      const auto known = book.known.find({sources[s].name, i});
      if (known != book.known.end()) results[s][i] = known->second;
      else missing.emplace_back(s, i);
    }
  }
  const auto total = static_cast<std::int64_t>(sources.size() * wanted);
  SharedWork work("starts", total, total - static_cast<std::int64_t>(missing.size()), listener);
  const bool ended = work.each(
      missing.size(),
      [&](std::size_t m) {
        const auto& [s, index] = missing[m];
        return fit(start_of(sources[s], settings.seed, index), target, settings.fit,
                   [&] { return work.go_on(); });
      },
      [&](std::size_t m, const Fit& fitted) {
        const auto& [s, index] = missing[m];
        results[s][index] = result_of(index, fitted);
        if (book.keep) book.keep(sources[s].name, results[s][index]);
      });
  if (!ended) return std::nullopt;
  std::vector<CensusCell> cells;
  for (std::size_t s = 0; s < sources.size(); ++s)
    cells.push_back(cell_of(sources[s], std::move(results[s]), settings.bar));
  return cells;
}

}  // namespace skein::experiments
