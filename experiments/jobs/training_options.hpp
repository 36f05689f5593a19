#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sgd/train/train.hpp"

namespace skein::experiments {

/// Used for targets that are plain pictures when no architecture is given: that of the study's skull (Kumar,
/// Clune, Lehman and Stanley 2025).
inline constexpr const char* default_architecture = "12;cache:15,gaussian:4,identity:2,sin:1";

/// How weights are fitted, as the flags of every command that trains say it. Defaults are the study's.
struct TrainingOptions {
  std::string optimizer = "adam", schedule = "constant", normalize_gradient = "on", coefficients = "usual";
  double rate = 3e-3;
  std::int64_t steps = 100'000, rewind_step = 0, warmup = 0;
  std::uint32_t batch_pixels = 0;
  int newton_schulz = 5;
  double sparsity = 1;  ///< fraction of the weights that stay; 1: all
  std::string sparsity_schedule = "linear";
  std::string penalty = "none";  ///< `sgd::parse_penalty`

  /// Throws ConfigError.
  sgd::TrainSettings settings(std::uint64_t seed) const;
  /// By the flags' names, for a run's configuration.
  void add_to(nlohmann::ordered_json& settings) const;
};

}  // namespace skein::experiments
