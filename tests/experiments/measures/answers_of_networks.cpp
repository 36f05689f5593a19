// Known answers of measures of the whole network and by parts.
#include <array>
#include <cmath>
#include <tuple>

#include "tests/experiments/measures/known_answers.hpp"

namespace skein::test {

using namespace experiments;

namespace {

void add_whole(KnownAnswers& answers) {
  Evidence network;
  network.noise_changes = {0.125, 0.375};
  network.zoom_growth = std::log(3.0);
  network.resolution_change = 0.0625;
  answers.add("noise_change", network, 2, 0.25);
  answers.add("noise_change", network, 1, 0.125);
  answers.add("zoom_growth", network, 0, 3.0);
  answers.add("resolution_change", network, 0, 0.0625);
  Evidence other = network;
  other.zoom_growth = std::log(0.5);
  other.resolution_change = 0.5;
  answers.add("zoom_growth", other, 0, 0.5);
  answers.add("resolution_change", other, 0, 0.5);
  other.finite = false;
  answers.add("zoom_growth", other, 0, {});
  answers.add("resolution_change", other, 0, {});
}

/// Two parts, the first a mirrored pair; the steps touch one and two of them, the third effect is not reached.
void add_parts(KnownAnswers& answers) {
  Evidence parts;
  parts.parts.emplace();
  parts.parts->regions = PartRegions{2, 1, {"a", "b"}, {0, 1}, {1, 0}};
  parts.parts->steps = {{true, 1, {1, 2, 1, 2}, 0, 0.75, 0.5, 0.25, {0.875}, {0.5}},
                        {true, 2, {2, 2, 2, 1}, 1, 1, 1, 0.5, {0.75}, {0.25}},
                        {false, 9, {9, 9, 9, 9}, 0, 1, 9, 9, {9}, {9}},
                        {true, 1.25, {2, 2, 2, 2}, 0, 0.625, 0.75, 0.75, {0.375}, {0.5}}};
  const std::array<std::tuple<const char*, double, double>, 6> by_parts{
      {{"participation", 1.25, 1.5},
       {"participation_shifted", 2, 2},
       {"reuse", (0.875 + 0.375) / 2, 0.875},
       {"reuse_elsewhere", 0.25, 0.25},
       {"separation", 0.75, 0.75},
       {"separation_shifted", 0.5, 0.375}}};
  for (const auto& [name, of_both, of_first] : by_parts) {
    answers.add(name, parts, 2, of_both);
    answers.add(name, parts, 1, of_first);
    Evidence scaled = parts;
    for (PartStep& step : scaled.parts->steps) {
      step.participation *= 2;
      step.separation /= 2;
      step.separation_shifted /= 2;
      for (double& shifted : step.shifted) shifted *= 2;
      for (auto* halves_of : {&step.halves, &step.elsewhere})
        for (double& value : *halves_of) value /= 2;
    }
    const double factor = std::string(name).starts_with("participation") ? 2 : 0.5;
    answers.add(name, scaled, 2, factor * of_both);
    answers.add(name, Evidence{}, 0, {});
  }
}

}  // namespace

void add_answers_of_networks(KnownAnswers& answers) {
  add_whole(answers);
  add_parts(answers);
}

}  // namespace skein::test
