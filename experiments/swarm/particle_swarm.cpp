#include "experiments/swarm/particle_swarm.hpp"

#include <algorithm>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

struct Particle {
  Coordinates x, velocity, own;
  double own_utility = 0;
  int improved = 0;  ///< the iteration that found `own`, or sent it back there
};

/// The points that every particle looks at.
struct Landmarks {
  Coordinates best, worst;
  double best_utility = 0, worst_utility = 0;
  int improved = 0;

  /// Whether the best point is a new one.
  bool see(const Coordinates& x, double utility) {
    if (worst.empty() || utility < worst_utility) worst = x, worst_utility = utility;
    const bool better = best.empty() || utility > best_utility;
    if (better) best = x, best_utility = utility;
    return better;
  }
};

RandomStream stream_of(const SwarmSettings& settings, int iteration, std::size_t particle) {
  constexpr std::uint64_t most_particles = std::uint64_t{1} << 32;
  return {settings.seed, "swarm move",
          static_cast<std::uint64_t>(iteration) * most_particles + static_cast<std::uint64_t>(particle)};
}

void move_normalized(const SwarmSettings& s, const Landmarks& marks, RandomStream random, double step,
                     Particle& particle) {
  const double v = random.uniform() * s.inertia, p = random.uniform() * s.own, g = random.uniform() * s.best,
               w = random.uniform() * s.worst, sum = v + p + g + w;
  if (!(sum > 0)) return;
  for (std::size_t i = 0; i < particle.x.size(); ++i) {
    const double x = particle.x[i];
    particle.velocity[i] = (v * particle.velocity[i] + p * (particle.own[i] - x) + g * (marks.best[i] - x) +
                            w * (x - marks.worst[i])) /
                           sum;
    particle.x[i] = x + step * particle.velocity[i];
  }
}

void move_constricted(const SwarmSettings& s, const Landmarks& marks, RandomStream random, double step,
                      Particle& particle) {
  for (std::size_t i = 0; i < particle.x.size(); ++i) {
    const double x = particle.x[i], p = random.uniform() * s.own, g = random.uniform() * s.best;
    particle.velocity[i] =
        s.inertia * particle.velocity[i] + p * (particle.own[i] - x) + g * (marks.best[i] - x);
    particle.x[i] = x + step * particle.velocity[i];
  }
}

std::vector<Particle> particles_at(const std::vector<Coordinates>& starts, const SwarmSettings& settings) {
  std::vector<Particle> particles;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    RandomStream random(settings.seed, "swarm velocity", i);
    const Coordinates& other = starts[random.below(static_cast<std::uint32_t>(starts.size()))];
    Particle particle{starts[i], other, starts[i], 0, 0};
    for (std::size_t k = 0; k < other.size(); ++k) particle.velocity[k] -= starts[i][k];
    particles.push_back(std::move(particle));
  }
  return particles;
}

std::vector<Coordinates> places_of(const std::vector<Particle>& particles) {
  std::vector<Coordinates> places;
  for (const Particle& particle : particles) places.push_back(particle.x);
  return places;
}

void require_share(double value, const char* what) {
  if (!(value >= 0 && value <= 10))
    throw ConfigError(std::string("swarm: ") + what + " is " + std::to_string(value) +
                      "; it must lie between 0 and 10");
}

}  // namespace

std::string_view name(SwarmRule rule) {
  return rule == SwarmRule::normalized ? "normalized" : "constriction";
}

SwarmRule parse_swarm_rule(std::string_view text) {
  for (const SwarmRule rule : {SwarmRule::normalized, SwarmRule::constriction})
    if (name(rule) == text) return rule;
  throw ConfigError("swarm: rule \"" + std::string(text) +
                    "\" is unknown; there are normalized, constriction");
}

void SwarmSettings::validate() const {
  require_share(inertia, "inertia");
  require_share(own, "the pull of the own best");
  require_share(best, "the pull of the best");
  require_share(worst, "the push of the worst");
  require_share(step, "the step");
  require_share(step_floor, "the step's floor");
  if (!(step_decay > 0 && step_decay <= 1))
    throw ConfigError("swarm: the step's decay is " + std::to_string(step_decay) + "; it must lie in (0, 1]");
  constexpr int most = 1'000'000;
  if (iterations < 1 || iterations > most)
    throw ConfigError("swarm: iterations is " + std::to_string(iterations) + "; it must lie between 1 and " +
                      std::to_string(most));
  if (patience < 0 || restart_patience < 0)
    throw ConfigError("swarm: a patience is negative; 0 stands for none");
}

SwarmSettings swarm_settings(SwarmRule rule, int iterations, std::uint64_t seed) {
  SwarmSettings settings{.iterations = iterations, .seed = seed};
  if (rule == SwarmRule::normalized) return settings;
  constexpr double constriction = 0.7298, pull = 1.49618;  // Clerc and Kennedy 2002: chi, and chi times 2.05
  settings.rule = rule;
  settings.inertia = constriction;
  settings.own = settings.best = pull;
  settings.worst = 0;
  settings.step_decay = 1;
  settings.restart_patience = 0;
  return settings;
}

std::vector<Coordinates> swarm_starts(const std::vector<Coordinates>& experts, int count,
                                      std::uint64_t seed) {
  if (experts.size() < 2) throw ConfigError("swarm: two networks or more are needed to search between them");
  if (count < static_cast<int>(experts.size()))
    throw ConfigError("swarm: " + std::to_string(count) + " particles for " + std::to_string(experts.size()) +
                      " networks; every network is one");
  std::vector<Coordinates> starts = experts;
  for (std::size_t i = starts.size(); i < static_cast<std::size_t>(count); ++i) {
    RandomStream random(seed, "swarm start", i);
    const auto first = random.below(static_cast<std::uint32_t>(experts.size()));
    auto second = random.below(static_cast<std::uint32_t>(experts.size() - 1));
    if (second >= first) ++second;
    const double share = random.uniform();
    Coordinates between = experts[first];
    for (std::size_t k = 0; k < between.size(); ++k)
      between[k] += share * (experts[second][k] - experts[first][k]);
    starts.push_back(std::move(between));
  }
  return starts;
}

Optimum particle_swarm(const std::vector<Coordinates>& starts, const BatchUtility& evaluate,
                       const SwarmSettings& settings) {
  settings.validate();
  if (starts.empty()) throw ConfigError("swarm: there is no particle");
  std::vector<Particle> particles = particles_at(starts, settings);
  Landmarks marks;
  std::vector<double> utilities = ranked(evaluate(starts), starts.size());
  for (std::size_t i = 0; i < particles.size(); ++i) {
    particles[i].own_utility = utilities[i];
    marks.see(particles[i].x, utilities[i]);
  }
  Optimum found{{}, 0, static_cast<std::int64_t>(starts.size()), 0};
  double step = settings.step;
  for (int iteration = 1; iteration <= settings.iterations; ++iteration) {
    for (std::size_t i = 0; i < particles.size(); ++i) {
      const auto move = settings.rule == SwarmRule::normalized ? move_normalized : move_constricted;
      move(settings, marks, stream_of(settings, iteration, i), step, particles[i]);
    }
    utilities = ranked(evaluate(places_of(particles)), particles.size());
    found.evaluations += static_cast<std::int64_t>(particles.size());
    found.iterations = iteration;
    for (std::size_t i = 0; i < particles.size(); ++i) {
      Particle& particle = particles[i];
      if (marks.see(particle.x, utilities[i])) marks.improved = iteration;
      if (utilities[i] > particle.own_utility) {
        particle.own = particle.x;
        particle.own_utility = utilities[i];
        particle.improved = iteration;
      } else if (settings.restart_patience > 0 &&
                 iteration - particle.improved >= settings.restart_patience) {
        particle.x = particle.own;
        std::ranges::fill(particle.velocity, 0.0);
        particle.improved = iteration;
      }
    }
    step = std::max(settings.step_floor, step * settings.step_decay);
    if (settings.patience > 0 && iteration - marks.improved >= settings.patience) break;
  }
  found.best = marks.best;
  found.utility = marks.best_utility;
  return found;
}

}  // namespace skein::experiments
