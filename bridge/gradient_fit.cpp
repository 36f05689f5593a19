#include "bridge/gradient_fit.hpp"

#include <utility>

#include "lib/base/error.hpp"
#include "sgd/train/train.hpp"

namespace skein::bridge {

neat::Fit fit_to_picture(Picture target, const GradientFit& fit) {
  sgd::TrainSettings settings;
  settings.steps = fit.steps;
  settings.learning_rate = fit.learning_rate;
  settings.validate();
  return [target = std::move(target), settings](const neat::Genome& genome) {
    const neat::Phenotype phenotype = neat::express(genome);
    if (phenotype.weights.empty()) return genome;
    sgd::Problem problem{phenotype.network, {}, {}, Grid{target.width, target.height}, target};
    neat::Genome fitted = genome;
    try {
      sgd::Trainer trainer(std::move(problem), settings, phenotype.weights);
      trainer.run();
      const Weights& best = trainer.state().best;
      for (std::size_t slot = 0; slot < best.size(); ++slot)
        fitted.links[phenotype.link_of_slot[slot]].weight = static_cast<double>(best[slot]);
    } catch (const NumericError&) {
      return genome;
    }
    return fitted;
  };
}

}  // namespace skein::bridge
