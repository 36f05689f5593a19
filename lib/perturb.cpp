#include "lib/engine.hpp"
#include "lib/parallel.hpp"

namespace skein {

void draw_perturbed(const Plan& plan, std::span<const float> weights, const Grid& grid,
                    std::span<const Perturbation> perturbations,
                    const std::function<void(std::size_t, Picture&&)>& sink) {
  parallel_for(perturbations.size(), [&](std::size_t i) {
    Weights changed(weights.begin(), weights.end());
    for (const auto& [slot, value] : perturbations[i]) changed[slot] = value;
    sink(i, draw(plan, changed, grid));
  });
}

}  // namespace skein
