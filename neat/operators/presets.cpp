#include <string>

#include "lib/base/error.hpp"
#include "neat/operators/settings.hpp"

namespace skein::neat {

namespace {

std::vector<ActivationOdds> picbreeder_activations() {
  return {{Activation::identity, 1},
          {Activation::sin, 1},
          {Activation::cos, 1},
          {Activation::sigmoid, 1},
          {Activation::gaussian, 1}};
}

}  // namespace

Settings neat_preset() { return {}; }

Settings picbreeder_preset(double strength) {
  if (!(strength >= 0 && strength <= 1))
    throw ConfigError("the mutation strength is " + std::to_string(strength) + "; allowed: 0 to 1");
  Settings s;
  s.population = 15;
  s.initial_weights = 3;
  s.mutation = {.draw = Mutation::Draw::one_of,
                .weights = 10,
                .add_link = 6,
                .add_node = 4,
                .enable = 0,
                .activation = 1,
                .weight = {.perturb = 0.2,
                           .replace = 0,
                           .noise = WeightMutation::Noise::normal,
                           .power = 0.01 + 1.99 * strength,
                           .fresh = 3,
                           .limit = 3},
                .split_keeps_link = true,
                .links_leave_outputs = true,
                .hidden = picbreeder_activations()};
  s.crossover.averaging = 1;
  s.speciation.enabled = false;
  s.selection.stagnation = 0;
  s.selection.population_stagnation = 0;
  return s;
}

Settings cppn_preset() {
  Settings s;
  s.initial_weights = 3;
  s.mutation = {.weights = 0.8,
                .add_link = 0.15,
                .add_node = 0.1,
                .enable = 0.02,
                .disable = 0.02,
                .activation = 0.05,
                .weight = {.perturb = 0.3,
                           .replace = 0.03,
                           .noise = WeightMutation::Noise::normal,
                           .power = 0.8,
                           .fresh = 3,
                           .limit = 3},
                .hidden = picbreeder_activations()};
  s.crossover.rate = 0.5;
  s.crossover.equal_fitness =
      Crossover::EqualFitness::each_gene;  // what the built-in targets were found with
  s.crossover.averaging = 0.5;
  // Pictures' genomes soon have 20 genes and more: always divided by their number, distances do not jump
  // there.
  s.speciation.small_genome = 0;
  s.speciation.threshold = 1;
  s.speciation.control.species = 10;
  return s;
}

Settings preset(std::string_view name) {
  if (name == "neat") return neat_preset();
  if (name == "picbreeder") return picbreeder_preset();
  if (name == "cppn") return cppn_preset();
  throw ConfigError("preset \"" + std::string(name) + "\"; allowed: neat, picbreeder, cppn");
}

}  // namespace skein::neat
