#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/judges/seen_steps.hpp"
#include "lib/base/progress.hpp"
#include "neat/genome/genome.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// How well a judge tells two groups of steps apart, of which one should be whole more often.
struct JudgeTrial {
  std::string judge;
  std::string whole, against;                      ///< what the two groups are
  std::size_t whole_steps = 0, against_steps = 0;  ///< of which the judge has an opinion
  std::size_t silent = 0;                          ///< of which it has none
  /// Area under the curve over single steps; 95 % of 1,000 resamples of the weights or directions, both steps of one
  /// together. One half where a group is empty.
  double area = 0.5, low = 0.5, high = 0.5;
  double accuracy = 0.5;  ///< mean of the shares judged right in the two groups, at a chance of one half
};

/// Both judges on the steps of the network against those of its fractured twins: each kind, then all three together. Throws
/// ConfigError, and Error when the listener stops it.
std::vector<JudgeTrial> try_judges_on_twins(const sgd::Mlp& mlp, std::uint64_t twin_seed,
                                            const ScoreSettings& settings,
                                            const ProgressListener& listener = {});

/// Both judges on steps of the links that a person gave a sense to (`senses_of`) against steps of the other links and
/// along random directions of a unit's inputs (two or more), where eight or more reach the visible change, and along random directions of all weights
/// (as many as labelled links, standard normal coefficients). Throws ConfigError when no enabled link has a sense.
std::vector<JudgeTrial> try_judges_on_labels(const neat::Genome& genome,
                                             const std::vector<neat::LinkLabel>& labels,
                                             const ScoreSettings& settings);

nlohmann::ordered_json to_json(const std::vector<JudgeTrial>& trials);
/// A line for each.
std::string to_text(const std::vector<JudgeTrial>& trials);

}  // namespace skein::experiments
