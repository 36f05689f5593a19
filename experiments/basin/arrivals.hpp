#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/landscape/basin_target.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

inline constexpr std::size_t most_measured = 50;  ///< arrivals of one wiring that are looked at inside
/// Two networks are the same solution when so large a share of their units have a counterpart...
inline constexpr double same_solution = 0.9;
/// ... whose map correlates by at least this in absolute value.
inline constexpr double same_unit = 0.9;

/// A network to be looked at.
struct Arrived {
  std::string wiring;
  std::uint64_t index = 0;
  sgd::Mlp mlp;
};

/// What it is like inside.
struct ArrivalMeasures {
  std::string wiring;
  std::uint64_t index = 0;
  std::optional<double> score, score_low, score_high;  ///< compositional score
  std::optional<double> participation;                 ///< where the picture's parts are known
  std::optional<double> edge_f1, edge_f1_chance;       ///< against the evolved network
  std::optional<double> matched;  ///< share of units that it has in common with the evolved
  int solution = 0;               ///< number of the cluster it belongs to, among its wiring's
};

/// One wiring's arrivals.
struct ArrivalGroup {
  std::string wiring;
  std::vector<ArrivalMeasures> arrivals;
  int solutions = 0;                ///< clusters: at least so many different ones
  std::optional<double> alikeness;  ///< mean `unit_alikeness` over pairs; nothing for fewer than two
};

/// The share of two networks' units that have a counterpart in the other, 2 matches / (units + units): plain wirings,
/// matched one to one by the correlation of their maps (bridge/compare_wirings.hpp), pairs below `same_unit` not counted.
/// In [0, 1]; 1 for two networks without units.
double unit_alikeness(const sgd::Mlp& a, const sgd::Mlp& b);

/// Clusters of what is alike: numbered by their first member, two members of one cluster are joined by a chain of
/// pairs of alikeness `least` or more (single linkage, so different clusters differ throughout). `alike` is symmetric,
/// row-major.
std::vector<int> linked_clusters(const std::vector<double>& alike, std::size_t count, double least);

/// Looks at the arrivals of one wiring: their `inside_score`, edges and units against the evolved network. A pure function of its arguments. A stop asked for by the listener throws Error.
ArrivalGroup look_inside(const std::vector<Arrived>& arrivals, const BasinTarget& target, std::uint64_t seed,
                         const ProgressListener& listener);

}  // namespace skein::experiments
