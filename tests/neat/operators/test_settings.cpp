#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "lib/base/error.hpp"
#include "neat/operators/settings.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

/// The message with which settings, spoilt by `spoil`, are refused.
template <class Spoil>
std::string refusal(Spoil spoil) {
  Settings settings;
  spoil(settings);
  try {
    validate(settings);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the presets are valid") {
  for (const char* name : {"neat", "picbreeder", "cppn"}) CHECK_NOTHROW(validate(preset(name)));
  for (const double strength : {0.0, 0.3, 1.0}) CHECK_NOTHROW(validate(picbreeder_preset(strength)));
  CHECK_THROWS_AS(picbreeder_preset(1.5), ConfigError);
  CHECK_THROWS_WITH_AS(preset("best"), "preset \"best\"; allowed: neat, picbreeder, cppn", ConfigError);
}

TEST_CASE("the neat preset has the numbers of the paper") {
  const Settings s = neat_preset();
  CHECK(s.population == 150);
  CHECK(s.mutation.weights == 0.8);
  CHECK(s.mutation.weight.perturb == 0.9);
  CHECK(s.mutation.weight.replace == 0.1);
  CHECK(s.mutation.add_node == 0.03);
  CHECK(s.mutation.add_link == 0.05);
  CHECK(s.crossover.rate == 0.75);
  CHECK(s.crossover.interspecies == 0.001);
  CHECK(s.crossover.reenable == 0.25);
  CHECK(s.speciation.excess == 1);
  CHECK(s.speciation.disjoint == 1);
  CHECK(s.speciation.weight == 0.4);
  CHECK(s.speciation.threshold == 3);
  CHECK(s.selection.stagnation == 15);
  CHECK(s.selection.population_stagnation == 20);
  CHECK(s.selection.champion_above == 5);
}

TEST_CASE("the picbreeder preset has the numbers of the site") {
  const Settings s = picbreeder_preset(1);
  CHECK(s.population == 15);
  CHECK(s.mutation.draw == Mutation::Draw::one_of);
  CHECK(s.mutation.weight.perturb == 0.2);
  CHECK(s.mutation.weight.power == 2.0);
  CHECK(picbreeder_preset(0).mutation.weight.power == 0.01);
  CHECK(s.mutation.weight.limit == 3);
  CHECK(s.mutation.weight.fresh == 3);
  CHECK(s.mutation.split_keeps_link);
  CHECK(s.crossover.averaging == 1);
  CHECK_FALSE(s.speciation.enabled);
}

TEST_CASE("bad settings are refused with the value and the allowed range") {
  CHECK(refusal([](Settings& s) { s.mutation.add_link = -0.1; }) ==
        "mutation.add_link is -0.1; allowed: a probability, 0 to 1");
  CHECK(refusal([](Settings& s) { s.mutation.weight.replace = 0.2; }) ==
        "mutation.weight.perturb + mutation.weight.replace is 1.1; allowed: 0 to 1");
  CHECK(refusal([](Settings& s) { s.population = 1; }) == "population is 1; allowed: 2 to 1000000");
  CHECK(refusal([](Settings& s) { s.population = -5; }).find("-5") != std::string::npos);
  CHECK(refusal([](Settings& s) { s.population = 2'000'000'000; }).find("1000000") != std::string::npos);
  CHECK(refusal([](Settings& s) { s.crossover.rate = 1.5; }).find("crossover.rate is 1.5") == 0);
  CHECK(refusal([](Settings& s) {
          s.crossover.rate = std::numeric_limits<double>::quiet_NaN();
        }).find("nan") != std::string::npos);
  CHECK(refusal([](Settings& s) {
          s.mutation.weight.power = std::numeric_limits<double>::infinity();
        }).find("inf") != std::string::npos);
  CHECK(refusal([](Settings& s) { s.mutation.hidden.clear(); }).find("activation odds") != std::string::npos);
  CHECK(refusal([](Settings& s) { s.mutation.hidden[0].odds = -1; }).find("-1") != std::string::npos);
  CHECK(refusal([](Settings& s) { s.speciation.threshold = 0; }).find("more than 0") != std::string::npos);
  CHECK(refusal([](Settings& s) { s.speciation.control.species = 151; }).find("151") != std::string::npos);
  CHECK(refusal([](Settings& s) {
          s.speciation.control.species = 10;
          s.speciation.control.step = 0.9;
        }) == "speciation.control.step is 0.9; allowed: more than 1");
  CHECK(refusal([](Settings& s) {
          s.speciation.control.species = 10;
          s.speciation.control.gain = -1;
        }) == "speciation.control.gain is -1; allowed: more than 0");
  CHECK(refusal([](Settings& s) { s.selection.survival = 0; }).find("selection.survival is 0") == 0);
  CHECK(refusal([](Settings& s) { s.selection.stagnation = -1; }).find("-1") != std::string::npos);
  CHECK(refusal([](Settings& s) {
          s.mutation = {
              .draw = Mutation::Draw::one_of, .weights = 0, .add_link = 0, .add_node = 0, .enable = 0};
        }).find("sum of the mutation odds") != std::string::npos);
}

TEST_CASE("odds of one operator may be any positive numbers, and a rate of 0 switches an operator off") {
  CHECK(refusal([](Settings& s) {
          s.mutation.draw = Mutation::Draw::one_of;
          s.mutation.weights = 100;
        }).empty());
  CHECK(refusal([](Settings& s) { s.crossover.rate = 0; }).empty());
  CHECK(refusal([](Settings& s) { s.mutation.add_node = 0; }).empty());
}
