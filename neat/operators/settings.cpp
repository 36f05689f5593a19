#include "neat/operators/settings.hpp"

#include <cmath>
#include <sstream>
#include <string>

#include "lib/base/error.hpp"

namespace skein::neat {

namespace {

constexpr int largest_population = 1'000'000;

[[noreturn]] void refuse(std::string_view setting, double value, std::string_view allowed) {
  std::ostringstream message;
  message << setting << " is " << value << "; allowed: " << allowed;
  throw ConfigError(message.str());
}

void probability(std::string_view setting, double value) {
  if (!(value >= 0 && value <= 1)) refuse(setting, value, "a probability, 0 to 1");
}

void rate(std::string_view setting, double value) {
  if (!(value >= 0 && std::isfinite(value))) refuse(setting, value, "0 or more");
}

void positive(std::string_view setting, double value) {
  if (!(value > 0 && std::isfinite(value))) refuse(setting, value, "more than 0");
}

void check(const Mutation& m) {
  const bool independent = m.draw == Mutation::Draw::independent;
  double odds = 0;
  for (const auto& [name, value] : {std::pair{"mutation.weights", m.weights},
                                    {"mutation.add_link", m.add_link},
                                    {"mutation.add_node", m.add_node},
                                    {"mutation.enable", m.enable},
                                    {"mutation.disable", m.disable},
                                    {"mutation.activation", m.activation}}) {
    independent ? probability(name, value) : rate(name, value);
    odds += value;
  }
  if (!independent && !(odds > 0)) refuse("the sum of the mutation odds", odds, "more than 0");
  probability("mutation.weight.perturb", m.weight.perturb);
  probability("mutation.weight.replace", m.weight.replace);
  if (m.weight.perturb + m.weight.replace > 1 + 1e-12)
    refuse("mutation.weight.perturb + mutation.weight.replace", m.weight.perturb + m.weight.replace,
           "0 to 1");
  rate("mutation.weight.power", m.weight.power);
  rate("mutation.weight.fresh", m.weight.fresh);
  rate("mutation.weight.limit", m.weight.limit);
  double activations = 0;
  for (const ActivationOdds& each : m.hidden) {
    rate("mutation.hidden." + std::string(name(each.activation)), each.odds);
    activations += each.odds;
  }
  if (!(activations > 0)) refuse("the sum of the activation odds", activations, "more than 0");
}

void check(const Crossover& c) {
  probability("crossover.rate", c.rate);
  probability("crossover.averaging", c.averaging);
  probability("crossover.mutate_child", c.mutate_child);
  probability("crossover.interspecies", c.interspecies);
  probability("crossover.reenable", c.reenable);
}

void check(const Speciation& s, int population) {
  rate("speciation.excess", s.excess);
  rate("speciation.disjoint", s.disjoint);
  rate("speciation.weight", s.weight);
  positive("speciation.threshold", s.threshold);
  const ThresholdControl& control = s.control;
  if (control.species == 0) return;
  if (control.species < 0 || control.species > population)
    refuse("speciation.control.species", control.species,
           "0 (off) to the population, " + std::to_string(population));
  positive("speciation.control.gain", control.gain);
  if (!(control.step > 1 && std::isfinite(control.step)))
    refuse("speciation.control.step", control.step, "more than 1");
  positive("speciation.control.lowest", control.lowest);
  if (!(control.highest >= control.lowest && std::isfinite(control.highest)))
    refuse("speciation.control.highest", control.highest, "speciation.control.lowest or more");
  if (s.threshold < control.lowest || s.threshold > control.highest)
    refuse("speciation.threshold", s.threshold, "between speciation.control.lowest and highest");
}

void check(const Selection& s) {
  if (!(s.survival > 0 && s.survival <= 1)) refuse("selection.survival", s.survival, "more than 0, up to 1");
  rate("selection.champion_above", s.champion_above);
  rate("selection.stagnation", s.stagnation);
  rate("selection.population_stagnation", s.population_stagnation);
}

}  // namespace

void validate(const Settings& settings) {
  if (settings.population < 2 || settings.population > largest_population)
    refuse("population", settings.population, "2 to " + std::to_string(largest_population));
  rate("initial_weights", settings.initial_weights);
  check(settings.mutation);
  check(settings.crossover);
  check(settings.speciation, settings.population);
  check(settings.selection);
}

}  // namespace skein::neat
