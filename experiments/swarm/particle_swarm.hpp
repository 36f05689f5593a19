#pragma once

#include <cstdint>
#include <string_view>

#include "experiments/swarm/search.hpp"

namespace skein::experiments {

/// How a particle at x with velocity v moves, r being uniform random numbers in [0, 1), p its own best point, g the
/// best and w the worst point of all so far:
///   normalized    v <- (r_v f_v v + r_p f_p (p - x) + r_g f_g (g - x) + r_w f_w (x - w)) / C, C the sum of the four
///                 factors, the r drawn once a particle (Feng et al. 2024, Model Swarms);
///   constriction  v <- f_v v + r_p f_p (p - x) + r_g f_g (g - x), the r drawn anew for every coordinate (Clerc and
///                 Kennedy 2002, with their numbers).
/// Then x <- x + step v. Both keep x in the affine hull of the starting points where the coordinates are the hull's.
enum class SwarmRule : std::uint8_t { normalized, constriction };
std::string_view name(SwarmRule rule);
/// Throws ConfigError that lists the names.
SwarmRule parse_swarm_rule(std::string_view text);

struct SwarmSettings {
  SwarmRule rule = SwarmRule::normalized;
  double inertia = 0.2, own = 0.3, best = 0.4,
         worst = 0.05;  ///< f_v, f_p, f_g, f_w: of the ranges that were tuned
  double step = 1, step_decay = 0.95, step_floor = 0.1;  ///< step * decay each iteration, not under the floor
  int iterations = 50;                                   ///< at most
  int patience = 10;  ///< iterations without a better best point that end it; 0: none do
  int restart_patience =
      5;  ///< iterations without a better own point that send a particle back to it; 0: none do
  std::uint64_t seed = 0;

  /// Throws ConfigError.
  void validate() const;
};

/// The settings of each rule, at `iterations` and `seed`.
SwarmSettings swarm_settings(SwarmRule rule, int iterations, std::uint64_t seed);

/// The starting points of a swarm of `count` particles: the experts, then points at random on the line between two of
/// them (at least as many as the experts are left). Throws ConfigError with fewer than two experts, or count below
/// their number.
std::vector<Coordinates> swarm_starts(const std::vector<Coordinates>& experts, int count, std::uint64_t seed);

/// Particles that begin at `starts`, each with the difference from itself to one of them as velocity. Random numbers
/// go by (iteration, particle) alone.
Optimum particle_swarm(const std::vector<Coordinates>& starts, const BatchUtility& evaluate,
                       const SwarmSettings& settings);

}  // namespace skein::experiments
