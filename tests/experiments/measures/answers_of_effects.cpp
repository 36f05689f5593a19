// Known answers of measures over what each step does.
#include <array>
#include <cmath>
#include <functional>
#include <tuple>
#include <utility>

#include "tests/experiments/measures/known_answers.hpp"

namespace skein::test {

using namespace experiments;

namespace {

/// Two items whose four effects are told by `tell(effect, number)`; the last, of 100, is not reached where
/// `three`.
Evidence told(Steps Evidence::*steps, const std::array<double, 3>& values, bool three,
              const std::function<void(Effect&, double)>& tell) {
  Evidence evidence;
  evidence.*steps = reached(2);
  auto& effects = (evidence.*steps).effects;
  for (std::size_t i = 0; i < 4; ++i) tell(effects[i], i < 3 ? values[i] : three ? 100 : values[2]);
  effects[3].match.reached = !three;
  return evidence;
}

}  // namespace

void add_answers_of_effects(KnownAnswers& answers) {
  const auto whole = [](Effect& e, double v) { e.whole = v; };
  const auto symmetry = [](Effect& e, double v) { e.traits.asymmetry_growth = v; };
  const auto shade = [](Effect& e, double v) { e.traits.shade_shift = v; };
  const auto islands = [](Effect& e, double v) { e.traits.island_growth = v; };
  const auto colour = [](Effect& e, double v) { e.colour_compressed_growth = std::log(v); };
  const auto grey = [](Effect& e, double v) { e.traits.compressed_growth = std::log(v); };

  // Means over the effects that were reached.
  for (const auto& [name, steps, tell] :
       std::vector<std::tuple<const char*, Steps Evidence::*, std::function<void(Effect&, double)>>>{
           {"compositional_score", &Evidence::weights, whole},
           {"compositional_score_directions", &Evidence::directions, whole},
           {"symmetry_loss", &Evidence::weights, symmetry},
           {"shade_shift", &Evidence::weights, shade},
           {"debris", &Evidence::weights, islands}}) {
    answers.add(name, told(steps, {0.25, 0.5, 0.75}, true, tell), 2, 0.5);
    answers.add(name, told(steps, {0, 0, 0.5}, false, tell), 2, 0.25);
    answers.add(name, Evidence{}, 0, {});
  }
  // Where the judge said nothing, it counts for nothing.
  Evidence silent = told(&Evidence::weights, {0.25, 0.5, 0.75}, true, whole);
  silent.weights.effects[1].whole.reset();
  silent.weights.effects[2].whole.reset();
  answers.add("compositional_score", silent, 2, 0.25);
  // Ratios: the median of the logarithms.
  for (const auto& [name, tell] : std::vector<std::pair<const char*, std::function<void(Effect&, double)>>>{
           {"compressed_growth_colour", colour}, {"compressed_growth", grey}}) {
    answers.add(name, told(&Evidence::weights, {8, 1, 2}, true, tell), 2, 2.0);
    answers.add(name, told(&Evidence::weights, {1, 2, 8}, false, tell), 2, 4.0);
  }
  answers.add("unreached", told(&Evidence::weights, {0, 0, 0}, true, whole), 2, 0.25);
  answers.add("unreached", told(&Evidence::weights, {0, 0, 0}, false, whole), 2, 0.0);
}

}  // namespace skein::test
