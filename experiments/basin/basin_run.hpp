#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/basin/basin_report.hpp"
#include "experiments/jobs/training_options.hpp"
#include "experiments/runs/run_folder.hpp"

namespace skein::experiments {

/// What a run of `skein basin` is asked for.
struct BasinSettings {
  std::vector<std::string> wirings{"evolved", "shuffle", "random"};
  std::int64_t starts = 100;
  double initial_scale = 1;
  std::optional<double> bar;  ///< nothing: a tenth of the plain colour's loss
  TrainingOptions training;
  bool second_order = false;  ///< by Levenberg and Marquardt's method, `training.steps` steps of it
  std::vector<double> noise = RadiusSettings{}.noise;
  int copies = 20;                ///< 0: nothing is disturbed
  std::vector<std::string> from;  ///< networks to disturb; empty: those of the default that there are
  bool layers = false;            ///< besides all weights each layer's alone
  bool parts = false;             ///< and each part's, of the evolved network
  bool mechanisms =
      true;  ///< flatness, norms and overlaps of the evolved network, its twins and what is disturbed
  MinibatchSettings minibatches;  ///< of walks from the evolved network and its twins; no pixels: none
  std::uint64_t seed = 0;

  /// Throws ConfigError: starts below 1, a bar that is not positive or that the plain colour meets, names given twice,
  /// networks that the target has not, more pixels a step than it has.
  void validate(const BasinTarget& target) const;
  double bar_for(const BasinTarget& target) const;
  /// The networks to disturb: "evolved", "rotated" (the evolved network's linear units rotated in every layer, the same
  /// picture), "trained" (the best start on the evolved wiring), "sp" (what the pruning left), "dense" (the first dense
  /// start).
  std::vector<std::string> networks(const BasinTarget& target) const;
  FitSettings fit() const;
};

/// Throws ConfigError for a wiring that the target has not, that has no weights or too many for the second-order method, and as `load_net`: before an earlier run
/// gives way to this.
void require_wirings(const BasinTarget& target, const BasinSettings& settings);

/// Census, arrivals, radius; what is finished in the run's folder is not done again. Leaves starts.csv, census.csv,
/// arrivals.csv, radius.csv, half_way.csv, mechanisms.csv, minibatches.csv, the arrivals' networks, and SP's network where that was asked for. Throws
/// Interrupted when the listener asked to stop.
BasinFindings run_basin(const BasinTarget& target, const BasinSettings& settings, const RunFolder& run,
                        const Session& session, double& core_hours);

}  // namespace skein::experiments
