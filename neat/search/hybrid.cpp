#include "neat/search/hybrid.hpp"

#include <utility>

namespace skein::neat {

std::function<Judgement(const Genome&)> judge_fitted(std::function<Judgement(const Genome&)> judge, Fit fit,
                                                     Inheritance inheritance) {
  return [judge = std::move(judge), fit = std::move(fit), inheritance](const Genome& genome) {
    Genome fitted = fit(genome);
    Judgement judgement = judge(fitted);
    if (inheritance == Inheritance::lamarckian) judgement.inherited = std::move(fitted);
    return judgement;
  };
}

}  // namespace skein::neat
