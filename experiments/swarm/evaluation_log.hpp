#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "experiments/runs/run_folder.hpp"
#include "experiments/swarm/network_evaluator.hpp"

namespace skein::experiments {

/// What every batch of every search was worth, in the run's metrics.jsonl. Searches are functions of what they are told,
/// so one that is begun again is told what is known already and goes on, to the same bits, where it was stopped.
class EvaluationLog {
 public:
  /// Reads what an earlier start of the run has left; a torn line is dropped.
  explicit EvaluationLog(const RunFolder& run);

  /// The next batch of a search: what is known of it, or what `evaluate` says, which is kept. Throws FormatError when what
  /// is known is of another number of networks.
  std::vector<NetworkWorth> next(const std::string& search, std::size_t networks,
                                 const std::function<std::vector<NetworkWorth>()>& evaluate);

  using Batch = std::vector<NetworkWorth>;
  /// All so far, by the search's name, in the order of each search.
  const std::map<std::string, std::vector<Batch>>& searches() const { return known_; }

 private:
  const RunFolder& run_;
  std::map<std::string, std::vector<Batch>> known_;
  std::map<std::string, std::size_t> told_;  ///< batches given out
};

}  // namespace skein::experiments
