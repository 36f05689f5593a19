#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "experiments/landscape/fit.hpp"
#include "experiments/statistics/half_way.hpp"
#include "experiments/statistics/proportion.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// A network from which disturbed copies set out, and which of its weights are disturbed.
struct Centre {
  std::string network;  ///< "evolved"
  std::string where;    ///< "all", "layer 3", "part mouth"
  sgd::Mlp mlp;
  std::vector<std::uint8_t> moved;  ///< one flag per slot
};

/// What became of one disturbed copy.
struct Return {
  double disturbed_loss = 0;  ///< before it was fitted
  double best_loss = 0;       ///< after
  bool diverged = false;
  double seconds = 0;
};

/// The copies at one strength of noise.
struct RadiusPoint {
  double noise = 0;
  std::vector<Return> copies;
  std::uint64_t returned = 0;
  Share share;
  double disturbed_loss = 0;  ///< median
};

struct Radius {
  std::string network, where;
  std::int64_t weights = 0;  ///< disturbed ones
  double own_loss = 0;       ///< of the network itself
  double bar = 0;            ///< a copy returns when the least loss met is so much or less
  std::vector<RadiusPoint> points;
  HalfWay half_way;
};

struct RadiusSettings {
  std::vector<double> noise{0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1};
  int copies = 20;  ///< at each strength
  double bar = 0;   ///< added to the network's own loss
  std::uint64_t seed = 0;
  FitSettings fit;

  /// Throws ConfigError: noise that is not positive, given twice or above 100, no copies.
  void validate() const;
};

/// Which copy a result is of: the content of its centre (`content_of`), where, noise, number. By content, because which
/// network is called "trained" may change when there are more starts.
using CopyKey = std::tuple<std::string, std::string, double, int>;
std::string content_of(const Centre& centre);
struct CopyBook {
  std::map<CopyKey, Return> known;
  std::function<void(const CopyKey& key, const Return& result)>
      keep;  ///< one call at a time, from any thread
};

/// The weights w (1 + noise z) with z standard normal where `moved`, a pure function of seed and key.
sgd::Mlp disturbed(const Centre& centre, double noise, std::uint64_t seed, int number);

/// All weights; with `layers` besides each layer's alone; with `part_of_slot` (the part of each weight, -1: none) besides
/// each part's alone.
std::vector<Centre> centres_of(const std::string& network, const sgd::Mlp& mlp, bool layers,
                               const std::vector<int>& part_of_slot,
                               const std::vector<std::string>& part_names);

/// Disturbs, fits, counts those that return. Same numbers on any number of threads and after any stop. Nothing when the
/// listener asked to stop.
std::optional<std::vector<Radius>> run_radius(const std::vector<Centre>& centres, const Picture& target,
                                              const RadiusSettings& settings, CopyBook& book,
                                              const ProgressListener& listener);

}  // namespace skein::experiments
