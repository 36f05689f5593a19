#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "experiments/basin/start_wirings.hpp"
#include "experiments/landscape/fit.hpp"
#include "experiments/statistics/proportion.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// What became of one random start.
struct StartResult {
  std::uint64_t index = 0;
  double first_loss = 0, loss = 0, best_loss = 0;  ///< as in `Fit`
  std::int64_t steps = 0;
  bool diverged = false;
  double seconds = 0;

  bool arrived(double bar) const { return !diverged && best_loss <= bar; }
};

/// Results that an earlier process left, and where new ones go. `keep` is called from any thread, one call at a time.
struct StartBook {
  std::map<std::pair<std::string, std::uint64_t>, StartResult> known;
  std::function<void(const std::string& wiring, const StartResult& result)> keep;
};

struct CensusSettings {
  std::int64_t starts = 100;  ///< of each wiring
  double bar = 0;             ///< a start arrives when the least loss met is so much or less
  std::uint64_t seed = 0;
  FitSettings fit;
};

/// One wiring's starts, by index, and how many arrived.
struct CensusCell {
  std::string wiring;
  std::int64_t weights = 0;
  std::vector<StartResult> starts;
  std::uint64_t arrived = 0;
  Share share;  ///< of arrivals, with the Wilson interval of 95 %

  /// The indices of the first `most` arrivals.
  std::vector<std::uint64_t> arrivals(double bar, std::size_t most) const;
  /// A quantile of the least losses met, between 0 and 1; diverged starts are infinite.
  double loss_quantile(double quantile) const;
};

/// The network that a start begins with.
sgd::Mlp start_of(const StartSource& source, std::uint64_t seed, std::uint64_t index);

/// Fits every start that the book does not know, one a thread. The results are the same on any number of threads, in any
/// order, after any stop. Nothing when the listener, called from any thread, asked to stop. Throws ConfigError for fewer
/// than one start.
std::optional<std::vector<CensusCell>> run_census(const std::vector<StartSource>& sources,
                                                  const Picture& target, const CensusSettings& settings,
                                                  StartBook& book, const ProgressListener& listener);

}  // namespace skein::experiments
