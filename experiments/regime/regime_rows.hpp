#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/campaign/campaign.hpp"
#include "experiments/regime/picture_measures.hpp"

namespace skein::experiments {

/// A number of rows that is looked at along depth.
struct RegimeColumn {
  std::string name;  ///< "loss" or a measure
  std::string unit;
  double sign = 1;      ///< times the value: larger is better, or more factored
  bool judged = false;  ///< has a shape and an effect of connectivity; else cells only
  /// A value as shapes and effects see it: larger is better, losses by their logarithm to 10.
  double judged_value(double value) const;
};

/// The loss (judged by its logarithm) and every measure; those that held in blind trials and the loss are judged.
const std::vector<RegimeColumn>& regime_columns();
/// Which of them. Throws ConfigError for one that there is not or that is not judged.
std::size_t regime_column(std::string_view name);

/// A way of connecting: what rows of one line of a heat map share.
struct Connection {
  std::string method;
  Variant variant;    ///< options of its own
  std::string keep;   ///< as it was asked for: "0.086"; empty: not cut
  std::string label;  ///< for people: "SP, 0.086"
  /// The method with its variant: "dense-adam:init-scale=0.5".
  std::string name() const;
  bool operator==(const Connection& other) const {
    return method == other.method && variant == other.variant && keep == other.keep;
  }
};

/// One network.
struct RegimeRow {
  std::size_t connection = 0;  ///< in the target's
  int depth = 0;               ///< hidden layers
  std::uint64_t seed = 0;
  RowStatus status = RowStatus::done;
  bool never = false;  ///< at matched loss: it never came under the bar
  std::vector<double>
      values;  ///< by column; NaN where there is none, and of rows that never came under the bar
};

/// The networks of one target.
struct RegimeTarget {
  std::string name;
  std::optional<int> own_depth;  ///< of its genome
  int base_depth = 0;            ///< that offsets in row keys count from
  std::vector<int> depths;       ///< of all planned rows, rising
  std::vector<std::uint64_t> seeds;
  std::vector<Connection> connections;
  std::vector<RegimeRow> rows;  ///< those that are finished
  std::size_t planned = 0;
  PictureMeasures picture{};  ///< of the target, drawn or scaled to `measured_side`
};

/// The finished rows of a campaign as the analysis wants them, in the plan's order.
std::vector<RegimeTarget> regime_targets(const Campaign& campaign);

}  // namespace skein::experiments
