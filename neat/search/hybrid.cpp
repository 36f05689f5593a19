#include "neat/search/hybrid.hpp"

#include <utility>

namespace skein::neat {

Evaluator fitted_evaluator(Evaluator evaluate, Fit fit, Inheritance inheritance) {
  return [evaluate = std::move(evaluate), fit = std::move(fit), inheritance](const Genome& genome) {
    Genome fitted = fit(genome);
    Evaluation evaluation = evaluate(fitted);
    if (inheritance == Inheritance::lamarckian) evaluation.inherited = std::move(fitted);
    return evaluation;
  };
}

}  // namespace skein::neat
