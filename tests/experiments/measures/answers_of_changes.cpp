// Known answers of measures over the maps of what steps change.
#include <optional>
#include <utility>

#include "tests/experiments/measures/known_answers.hpp"

namespace skein::test {

using namespace experiments;

namespace {

/// Four weights: 0 and 1 stand in the relation, 2 and 3 as well, whose effects are alike by a half; all others by
/// a quarter.
Evidence related(float within) {
  Evidence evidence;
  evidence.weights = reached(4);
  evidence.weights.likeness = Eigen::MatrixXf::Constant(8, 8, 0.25f);
  for (const Eigen::Index first : {0, 4})
    evidence.weights.likeness.block(first, first, 4, 4).setConstant(within);
  NetworkBuilder builder(picture_signature());
  evidence.subject.network = std::move(builder).finish({0, 1, 2});
  return evidence;
}

void add_change_maps(KnownAnswers& answers) {
  for (const bool distinct : {true, false}) {
    Evidence evidence;
    evidence.weights = reached(12);
    evidence.weights.overlap =
        distinct ? Eigen::MatrixXf(Eigen::MatrixXf::Identity(24, 24)) : Eigen::MatrixXf::Ones(24, 24);
    answers.add("distinct_effects", evidence, 12, distinct ? 24.0 : 1.0);
    evidence.weights.effects[5].match.reached = false;  // fewer than it compares
    answers.add("distinct_effects", evidence, 12, {});
  }
  Evidence overlapping;
  overlapping.weights = reached(2);
  overlapping.weights.overlap = Eigen::MatrixXf::Constant(4, 4, 0.9f);  // a weight with itself is no pair
  overlapping.weights.overlap.topRightCorner(2, 2) << 1, 0.5f, 0.5f, 0;
  answers.add("effect_overlap", overlapping, 2, 0.5);
  overlapping.weights.effects[3].match.reached = false;
  answers.add("effect_overlap", overlapping, 2, 0.75);
  for (const auto& [name, steps] : std::vector<std::pair<const char*, Steps Evidence::*>>{
           {"effect_spread", &Evidence::weights}, {"unit_spread", &Evidence::directions}}) {
    Evidence evidence;
    evidence.*steps = reached(1);
    (evidence.*steps).maps = MapRows::Zero(2, 16);
    (evidence.*steps).cells = {2, 6};
    answers.add(name, evidence, 1, 0.25);
    (evidence.*steps).effects[0].match.reached = false;
    answers.add(name, evidence, 1, 6.0 / 16);
  }
  Evidence regions;
  regions.settings.map_size = 4;
  regions.weights = reached(1);
  regions.regions.assign(16, 0);
  for (std::size_t cell = 8; cell < 16; ++cell) regions.regions[cell] = 3;
  regions.weights.maps = MapRows::Ones(2, 16);
  answers.add("region_spread", regions, 1, 2.0 / 6);
  regions.weights.maps.rightCols(8).setZero();
  answers.add("region_spread", regions, 1, 1.0 / 6);
  Evidence mirrored;
  mirrored.settings.map_size = 4;
  mirrored.weights = reached(1);
  mirrored.weights.maps = MapRows::Zero(2, 16);
  for (const Eigen::Index row : {0, 4, 8, 12}) mirrored.weights.maps.block(0, row, 2, 1).setOnes();
  answers.add("mirror_mixing", mirrored, 1, 1.0);  // on the left alone
  for (const Eigen::Index row : {0, 4, 8, 12}) mirrored.weights.maps(1, row + 3) = 1;
  answers.add("mirror_mixing", mirrored, 1, 0.5);  // the second on both sides
}

/// Changes against the wiring: 16 pairs of effects of two weights, 8 of them related.
void add_likeness(KnownAnswers& answers) {
  for (const float within : {0.25f, 0.5f}) {
    const std::optional<double> value = within == 0.25f ? 1.0 : 1.5;
    Evidence parallel = related(within);
    parallel.weights.layer = {1, 1, 2, 2};
    parallel.weights.target = {4, 5, 7, 8};
    parallel.weights.source = {0, 1, 4, 5};
    answers.add("parallel_likeness", parallel, 4, value);
    parallel.weights.target[1] = 4;  // into one unit
    answers.add("parallel_likeness", parallel, 4, {});
    Evidence outlets = related(within);
    outlets.weights.source = {5, 5, 6, 6};
    answers.add("outlet_likeness", outlets, 4, value);
    outlets.weights.source = {2, 2, 6, 6};  // inputs are no units
    answers.add("outlet_likeness", outlets, 4, {});
    Evidence chains = related(within);
    chains.weights.target = {4, 9, 11, 7};
    chains.weights.source = {0, 4, 7, 2};
    answers.add("chain_likeness", chains, 4, value);
    Evidence interfering;
    interfering.directions = reached(4);
    interfering.directions.layer = {1, 1, 2, 2};
    interfering.directions.target = {4, 5, 6, 7};
    interfering.directions.likeness = related(within).weights.likeness;
    answers.add("unit_interference", interfering, 4, value);
  }
}

}  // namespace

void add_answers_of_changes(KnownAnswers& answers) {
  add_change_maps(answers);
  add_likeness(answers);
}

}  // namespace skein::test
