#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "experiments/runs/run_folder.hpp"
#include "experiments/swarm/network_evaluator.hpp"
#include "experiments/swarm/part_experts.hpp"
#include "experiments/swarm/particle_swarm.hpp"

namespace skein::experiments {

/// A search between networks, and what it is held against.
struct SwarmJob {
  Experts experts;                 ///< two or more, of one wiring
  std::optional<sgd::Mlp> parent;  ///< that they were fine-tuned from: one more row
  SwarmTarget target;
  UtilityKind utility = UtilityKind::loss;
  std::optional<double> bar;  ///< of the utility `score`; unset: the least loss of the networks
  SwarmSettings swarm;
  int particles = 20;
  double rate = 3e-3;  ///< of the control by Adam
  bool score = false;  ///< compositional score and, where parts are known, participation of every row
};

/// What can be refused before a run is begun: throws ConfigError as Hull, NetworkEvaluator and swarm_starts do.
void validate(const SwarmJob& job);

/// How many evaluations a training step on all pixels costs: the forward pass once more for each of the two products
/// of the backward pass.
inline constexpr std::int64_t evaluations_per_step = 3;

/// Runs the swarm, then its controls at as many evaluations: the other rule, random search in the hull (normal, with
/// the networks' mean and covariance), CMA-ES in the hull's coordinates, the networks' average, the best network
/// given, and Adam from there. Goes on from what the run holds. Writes network.mlp, control_NAME.mlp, swarm.csv,
/// curves.png and pictures.png; what it returns is the command's result. Throws Interrupted when the session's
/// listener stops it; ConfigError as Hull, NetworkEvaluator and swarm_starts do.
nlohmann::ordered_json run_swarm(const SwarmJob& job, const RunFolder& run, const Session& session);

}  // namespace skein::experiments
