#include "experiments/judges/evidence_steps.hpp"

#include "lib/engine/engine.hpp"

namespace skein::experiments {

std::vector<std::size_t> reached_steps(const Steps& steps) {
  std::vector<std::size_t> reached;
  for (std::size_t i = 0; i < steps.effects.size(); ++i)
    if (steps.effects[i].match.reached) reached.push_back(i);
  return reached;
}

void draw_steps(const Evidence& evidence, const Steps& steps, std::span<const std::size_t> which,
                const std::function<void(std::size_t, Picture&&)>& look) {
  std::vector<Perturbation> moves;
  for (const std::size_t i : which)
    moves.push_back(moved(evidence.subject.weights, steps.items[i / 2], steps.effects[i].match.step));
  draw_perturbed(Plan(evidence.subject.network), evidence.subject.weights,
                 {evidence.picture.width, evidence.picture.height}, moves, look);
}

void clear_opinions(Evidence& evidence) {
  for (Steps* steps : {&evidence.weights, &evidence.directions})
    for (Effect& effect : steps->effects) effect.whole.reset();
}

}  // namespace skein::experiments
