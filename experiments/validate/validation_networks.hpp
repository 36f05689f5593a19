#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "experiments/jobs/training_options.hpp"
#include "experiments/validate/validation.hpp"
#include "lib/base/progress.hpp"
#include "lib/picture/picture.hpp"

namespace skein::experiments {

/// A network that takes part in a trial, before it is scored.
struct Contestant {
  std::string name;
  Role role = Role::trained;
  std::string group;
  Fracture fracture = {};
  sgd::Mlp mlp;
};

inline constexpr const char* group_random = "evolved wiring, random weights";
inline constexpr const char* group_retrained = "evolved wiring, retrained";
inline constexpr const char* group_shuffled = "evolved wiring shuffled, retrained";
inline constexpr const char* group_pruned = "dense, pruned to the evolved count";

/// The evolved wiring with normal weights of the evolved ones' root mean square, copies kept: one per draw.
std::vector<Contestant> random_weight_controls(const sgd::Mlp& evolved, int draws, std::uint64_t seed);

/// @face, @flower, @sunset and the evolved network, each followed by its fractured twins, drawn by the
/// seed; the judge was fitted to those of seed 0.
std::vector<Contestant> originals_and_twins(const sgd::Mlp& evolved, const std::string& title,
                                            std::uint64_t seed);

/// How a trial's networks are trained, when they are not given.
struct TrialTraining {
  int seeds = 0;  ///< seeds 1, 2, ...; 0: nothing is trained
  TrainingOptions options;
  std::filesystem::path folder;  ///< a file per finished network, read instead of training again
};

/// Per seed: the dense architecture of the evolved network from random weights; that network cut to the
/// evolved count of weights by size (8 rounds, retrained for as many steps again; left out where the cut
/// leaves no output fed); the evolved wiring, and a degree-preserving shuffle of it, from random weights.
/// Nothing when the listener asked to stop; the same call goes on. `say` gets a line per network.
std::optional<std::vector<Contestant>> train_contestants(const sgd::Mlp& evolved, const Picture& target,
                                                         const TrialTraining& training,
                                                         const ProgressListener& listener,
                                                         const std::function<void(const std::string&)>& say);

/// Scores one; `picture` is what the evolved network draws.
TriedNetwork tried(const Contestant& contestant, const Picture& picture, const ScoreSettings& settings,
                   const ProgressListener& listener);

}  // namespace skein::experiments
