#include <algorithm>

#include "neat/operators/mutation.hpp"

namespace skein::neat {

std::optional<Genome> mutate_weights(const Genome& genome, const WeightMutation& settings,
                                     RandomStream& random) {
  Genome child = genome;
  bool changed = false;
  double power = settings.power;
  if (settings.noise == WeightMutation::Noise::scaled_normal) {
    const double scale = random.uniform();
    power *= scale * scale * scale;
  }
  for (Link& link : child.links) {
    const double dice = random.uniform();
    if (dice >= settings.perturb + settings.replace) continue;
    double weight = link.weight;
    if (dice < settings.perturb)
      weight += settings.noise == WeightMutation::Noise::uniform ? random.uniform(-power, power)
                                                                 : power * random.normal();
    else weight = random.uniform(-settings.fresh, settings.fresh);
    if (settings.limit > 0) weight = std::clamp(weight, -settings.limit, settings.limit);
    changed = changed || weight != link.weight;
    link.weight = weight;
  }
  if (!changed) return std::nullopt;
  return child;
}

}  // namespace skein::neat
