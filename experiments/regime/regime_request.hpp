#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/campaign/campaign_file.hpp"

namespace skein::experiments {

/// What `skein regime` is asked: networks for several targets at many depths, connected in several ways.
struct RegimeSettings {
  std::vector<std::string> targets;  ///< TARGET arguments
  std::string depths;                ///< `parse_depths`; empty: `regime_depths`, unless there are offsets
  std::string offsets;               ///< around each genome's own depth: `parse_offsets`; empty: none
  std::vector<std::string> methods;  ///< of rows; empty: the usual ways of connecting
  std::vector<std::string> keep;  ///< of all that are cut; empty: 0.256 by SP and its shuffle, 0.086 by all
  std::int64_t seeds = 5;
  std::uint64_t first_seed = 0;
  std::int64_t steps = 2000;
  int size = 64;
  std::string budget = "quick";  ///< how closely networks are looked at
  std::string match =
      "steps";     ///< "steps", or "loss": networks as they were when they first came under the bar
  double bar = 0;  ///< of the loss
  std::string widths = "equal";                 ///< `width_rule`
  std::string architecture;                     ///< of dense networks; empty: each target's own
  std::string measure = "compositional_score";  ///< that each target is judged by
};

inline constexpr const char* regime_depths = "2,3,4,5,6,8,10,12,14,17,20";

/// The campaign that makes the rows. Throws ConfigError for what cannot be: no target, depths that are empty or fall,
/// fewer than two seeds, a bar without a match of the loss or the reverse, a measure that speaks for neither side.
CampaignRequest regime_request(const RegimeSettings& settings);

}  // namespace skein::experiments
