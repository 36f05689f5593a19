#include <doctest/doctest.h>

#include <algorithm>

#include "bridge/layerize.hpp"
#include "experiments/changes/picture_regions.hpp"
#include "experiments/measures/fractured_twins.hpp"
#include "experiments/measures/measures.hpp"
#include "experiments/targets/hand_built.hpp"
#include "experiments/validate/validation_networks.hpp"
#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// A network whose every measure has one value.
TriedNetwork with_value(Role role, const std::string& group, double value, Fracture fracture = {}) {
  TriedNetwork network{
      .name = "n", .role = role, .group = group, .fracture = fracture, .loss = {}, .score = {}};
  for (const MeasureDefinition& measure : measure_table())
    network.score.measures.push_back(
        {.name = std::string(measure.name), .value = value, .unit = "", .reason = ""});
  return network;
}

const MeasureTrial& trial_of(const std::vector<MeasureTrial>& trials, std::string_view name) {
  return *std::find_if(trials.begin(), trials.end(),
                       [&](const MeasureTrial& trial) { return trial.measure.name == name; });
}

}  // namespace

TEST_CASE("an evolved value is held against the prediction interval of the trained networks") {
  std::vector<TriedNetwork> networks{with_value(Role::evolved, "", 0.9)};
  for (const double value : {0.30, 0.32, 0.34, 0.36, 0.38})
    networks.push_back(with_value(Role::trained, "", value));
  for (const double value : {0.7, 1.0, 1.1}) networks.push_back(with_value(Role::control, "c", value));
  auto blank = with_value(Role::trained, "", 100);
  blank.blank = true;
  networks.push_back(blank);
  const auto trials = try_measures(networks);
  const MeasureTrial& score = trial_of(trials, "compositional_score");  // higher is factored
  CHECK(score.against_trained.interval.count == 5);
  CHECK(score.against_trained.interval.mean == doctest::Approx(0.34));
  // t(0.975, 4) = 2.776; s = 0.031623; sqrt(1 + 1/5) = 1.095445
  CHECK(score.against_trained.interval.high ==
        doctest::Approx(0.34 + 2.776 * 0.031623 * 1.095445).epsilon(1e-3));
  CHECK(score.against_trained.standing == Standing::factored);
  REQUIRE(score.controls.size() == 1);
  CHECK(score.controls[0].standing == Standing::inside);
  CHECK(trial_of(trials, "effect_spread").against_trained.standing == Standing::other);  // lower is
  CHECK(score.passes());
  CHECK(!trial_of(trials, "effect_spread").passes());
}

TEST_CASE("twins are tallied by what was declared, each against its own original") {
  std::vector<TriedNetwork> networks;
  for (const double level : {1.0, 5.0}) {
    const std::string group = std::to_string(level);
    networks.push_back(with_value(Role::original, group, level));
    networks.push_back(with_value(Role::twin, group, level + 0.5, Fracture::split));
    networks.push_back(with_value(Role::twin, group, level + (level < 2 ? -0.5 : 0.5), Fracture::cancel));
    networks.push_back(with_value(Role::twin, group, level, Fracture::rotate));
  }
  const auto trials = try_measures(networks);
  const auto& twins = trial_of(trials, "unit_interference").twins;  // declared: raises, raises, raises
  CHECK(twins[0].raised == 2);
  CHECK(twins[0].as_declared);
  CHECK(twins[1].raised == 1);
  CHECK(twins[1].lowered == 1);
  CHECK(!twins[1].as_declared);
  CHECK(twins[2].raised + twins[2].lowered == 0);
  CHECK(!twins[2].as_declared);
  CHECK(trial_of(trials, "zoom_growth").twins[2].as_declared);  // declared: leaves
  CHECK(!trial_of(trials, "zoom_growth").twins[0].as_declared);
  CHECK(trial_of(trials, "compositional_score").against_trained.standing == Standing::unmeasured);
}

TEST_CASE("tables name every measure and every network") {
  const std::vector<TriedNetwork> networks{
      with_value(Role::evolved, "", 0.5), with_value(Role::trained, "", 0.1),
      with_value(Role::trained, "", 0.2), with_value(Role::control, "a,b", 1)};
  const auto trials = try_measures(networks);
  const std::string markdown = to_markdown(trials), csv = to_csv(networks);
  for (const MeasureDefinition& measure : measure_table()) {
    CHECK(markdown.find("`" + std::string(measure.name) + "`") != std::string::npos);
    CHECK(csv.find("," + std::string(measure.name)) != std::string::npos);
  }
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 5);
  CHECK(csv.find("\"a,b\"") != std::string::npos);
  CHECK(to_json(trials)["compositional_score"]["trained"]["n"] == 2);
}

TEST_CASE("fractured twins draw the same picture") {
  const sgd::Mlp mlp = bridge::layerize(flower().genome);
  const auto picture_of = [](const sgd::Mlp& drawn) {
    const Subject subject = subject_of(drawn);
    return draw(Plan(subject.network), subject.weights, {32, 32});
  };
  for (const Fracture fracture : fractures) {
    const sgd::Mlp twin = fractured_twin(mlp, fracture, 5);
    INFO(name(fracture));
    CHECK(twin.weights.size() > mlp.weights.size());
    CHECK(mean_squared_error(picture_of(twin), picture_of(mlp)) < 1e-6);
  }
}

TEST_CASE("controls with random weights keep the wiring and its copies") {
  const sgd::Mlp mlp = bridge::layerize(face().genome);
  const auto own = sgd::trainable_without_copies(mlp.wiring);
  const auto controls = random_weight_controls(mlp, 2, 7);
  REQUIRE(controls.size() == 2);
  CHECK(!(controls[0].mlp.weights == controls[1].mlp.weights));
  for (const Contestant& control : controls) {
    CHECK(control.mlp.wiring == mlp.wiring);
    for (std::size_t s = 0; s < own.size(); ++s)
      if (!own[s]) CHECK(control.mlp.weights[s] == mlp.weights[s]);
  }
}

TEST_CASE("regions follow colour and place of the picture") {
  Picture halves(40, 40);
  for (std::size_t p = 0; p < halves.pixels(); ++p)
    for (int c = 0; c < 3; ++c) halves.channel(c)[p] = p % 40 < 20 ? 0.0f : 1.0f;
  const auto regions = picture_regions(halves, 20);
  REQUIRE(regions.size() == 400);
  for (std::size_t p = 0; p < 400; ++p)
    for (std::size_t q = 0; q < 400; q += 7)
      if (p % 20 < 10 && q % 20 >= 10) REQUIRE(regions[p] != regions[q]);
  CHECK(*std::max_element(regions.begin(), regions.end()) < region_count);
  const Picture plain(16, 16);
  for (const auto region : picture_regions(plain, 8)) CHECK(region < region_count);
  CHECK_THROWS_AS(picture_regions(Picture(), 8), ConfigError);
}
