#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "experiments/measures/effective_number.hpp"
#include "experiments/measures/measures.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

using Answer = std::optional<double>;

/// Evidence made by hand for which a measure's value follows from its definition.
struct KnownAnswer {
  std::string measure;
  Evidence evidence;
  std::vector<std::uint32_t> items;
  Answer value;
};

std::vector<std::uint32_t> numbers(std::size_t count) {
  std::vector<std::uint32_t> items(count);
  std::iota(items.begin(), items.end(), 0u);
  return items;
}

/// Steps of `items` weights or directions, all reached.
Steps reached(std::size_t items) {
  Steps steps;
  steps.items.resize(items);
  steps.effects.resize(2 * items);
  steps.layer.assign(items, 1);
  for (Effect& effect : steps.effects) effect.match.reached = true;
  return steps;
}

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

/// Maps of units of the side given, one per row of values; as the evidence has them, centred.
Evidence with_maps(int side, const std::vector<std::vector<float>>& maps,
                   std::vector<std::int32_t> layers = {}) {
  Evidence evidence;
  evidence.settings.map_size = side;
  evidence.unit_maps = MapRows::Zero(std::ssize(maps), side * side);
  for (std::size_t u = 0; u < maps.size(); ++u) {
    evidence.units.push_back(static_cast<ValueIndex>(4 + u));
    for (std::size_t c = 0; c < maps[u].size(); ++c)
      evidence.unit_maps(static_cast<Eigen::Index>(u), static_cast<Eigen::Index>(c)) = maps[u][c];
  }
  evidence.unit_layer = layers.empty() ? std::vector<std::int32_t>(maps.size(), 1) : std::move(layers);
  return evidence;
}

/// So many units whose maps all correlate as `all`, but for the pairs named.
Evidence correlated(std::size_t units, float all, const std::map<std::pair<int, int>, float>& pairs = {},
                    std::vector<std::int32_t> layers = {}) {
  Evidence evidence = with_maps(2, std::vector<std::vector<float>>(units, {1, -1, 1, -1}), std::move(layers));
  const auto size = static_cast<Eigen::Index>(units);
  evidence.correlation = Eigen::MatrixXf::Constant(size, size, all);
  evidence.correlation.diagonal().setOnes();
  for (const auto& [pair, value] : pairs)
    evidence.correlation(pair.first, pair.second) = evidence.correlation(pair.second, pair.first) = value;
  return evidence;
}

/// A map of side by side cells.
std::vector<float> drawn(int side, const std::function<float(int row, int column)>& value) {
  std::vector<float> map;
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) map.push_back(value(row, column));
  return map;
}

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

std::vector<KnownAnswer> answers() {
  std::vector<KnownAnswer> all;
  const auto add = [&](const char* measure, Evidence evidence, std::size_t items, Answer value) {
    all.push_back({measure, std::move(evidence), numbers(items), value});
  };
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
    add(name, told(steps, {0.25, 0.5, 0.75}, true, tell), 2, 0.5);
    add(name, told(steps, {0, 0, 0.5}, false, tell), 2, 0.25);
    add(name, Evidence{}, 0, {});
  }
  // Where the judge said nothing, it counts for nothing.
  Evidence silent = told(&Evidence::weights, {0.25, 0.5, 0.75}, true, whole);
  silent.weights.effects[1].whole.reset();
  silent.weights.effects[2].whole.reset();
  add("compositional_score", silent, 2, 0.25);
  // Ratios: the median of the logarithms.
  for (const auto& [name, tell] : std::vector<std::pair<const char*, std::function<void(Effect&, double)>>>{
           {"compressed_growth_colour", colour}, {"compressed_growth", grey}}) {
    add(name, told(&Evidence::weights, {8, 1, 2}, true, tell), 2, 2.0);
    add(name, told(&Evidence::weights, {1, 2, 8}, false, tell), 2, 4.0);
  }
  add("unreached", told(&Evidence::weights, {0, 0, 0}, true, whole), 2, 0.25);
  add("unreached", told(&Evidence::weights, {0, 0, 0}, false, whole), 2, 0.0);

  // Change maps.
  for (const bool distinct : {true, false}) {
    Evidence evidence;
    evidence.weights = reached(12);
    evidence.weights.overlap =
        distinct ? Eigen::MatrixXf(Eigen::MatrixXf::Identity(24, 24)) : Eigen::MatrixXf::Ones(24, 24);
    add("distinct_effects", evidence, 12, distinct ? 24.0 : 1.0);
    evidence.weights.effects[5].match.reached = false;  // fewer than it compares
    add("distinct_effects", evidence, 12, {});
  }
  Evidence overlapping;
  overlapping.weights = reached(2);
  overlapping.weights.overlap = Eigen::MatrixXf::Constant(4, 4, 0.9f);  // a weight with itself is no pair
  overlapping.weights.overlap.topRightCorner(2, 2) << 1, 0.5f, 0.5f, 0;
  add("effect_overlap", overlapping, 2, 0.5);
  overlapping.weights.effects[3].match.reached = false;
  add("effect_overlap", overlapping, 2, 0.75);
  for (const auto& [name, steps] : std::vector<std::pair<const char*, Steps Evidence::*>>{
           {"effect_spread", &Evidence::weights}, {"unit_spread", &Evidence::directions}}) {
    Evidence evidence;
    evidence.*steps = reached(1);
    (evidence.*steps).maps = MapRows::Zero(2, 16);
    (evidence.*steps).cells = {2, 6};
    add(name, evidence, 1, 0.25);
    (evidence.*steps).effects[0].match.reached = false;
    add(name, evidence, 1, 6.0 / 16);
  }
  Evidence regions;
  regions.settings.map_size = 4;
  regions.weights = reached(1);
  regions.regions.assign(16, 0);
  for (std::size_t cell = 8; cell < 16; ++cell) regions.regions[cell] = 3;
  regions.weights.maps = MapRows::Ones(2, 16);
  add("region_spread", regions, 1, 2.0 / 6);
  regions.weights.maps.rightCols(8).setZero();
  add("region_spread", regions, 1, 1.0 / 6);
  Evidence mirrored;
  mirrored.settings.map_size = 4;
  mirrored.weights = reached(1);
  mirrored.weights.maps = MapRows::Zero(2, 16);
  for (const Eigen::Index row : {0, 4, 8, 12}) mirrored.weights.maps.block(0, row, 2, 1).setOnes();
  add("mirror_mixing", mirrored, 1, 1.0);  // on the left alone
  for (const Eigen::Index row : {0, 4, 8, 12}) mirrored.weights.maps(1, row + 3) = 1;
  add("mirror_mixing", mirrored, 1, 0.5);  // the second on both sides

  // Changes against the wiring: 16 pairs of effects of two weights, 8 of them related.
  for (const float within : {0.25f, 0.5f}) {
    const Answer value = within == 0.25f ? 1.0 : 1.5;
    Evidence parallel = related(within);
    parallel.weights.layer = {1, 1, 2, 2};
    parallel.weights.target = {4, 5, 7, 8};
    parallel.weights.source = {0, 1, 4, 5};
    add("parallel_likeness", parallel, 4, value);
    parallel.weights.target[1] = 4;  // into one unit
    add("parallel_likeness", parallel, 4, {});
    Evidence outlets = related(within);
    outlets.weights.source = {5, 5, 6, 6};
    add("outlet_likeness", outlets, 4, value);
    outlets.weights.source = {2, 2, 6, 6};  // inputs are no units
    add("outlet_likeness", outlets, 4, {});
    Evidence chains = related(within);
    chains.weights.target = {4, 9, 11, 7};
    chains.weights.source = {0, 4, 7, 2};
    add("chain_likeness", chains, 4, value);
    Evidence interfering;
    interfering.directions = reached(4);
    interfering.directions.layer = {1, 1, 2, 2};
    interfering.directions.target = {4, 5, 6, 7};
    interfering.directions.likeness = related(within).weights.likeness;
    add("unit_interference", interfering, 4, value);
  }

  // The units' own maps.
  const Evidence three = correlated(3, 0.1f, {{{0, 1}, 0.99f}, {{1, 2}, -0.96f}});
  add("redundant_pairs", three, 3, 2.0 / 3);
  add("redundant_pairs", correlated(3, 0.9f), 3, 0.0);
  Evidence silent_unit = three;
  silent_unit.unit_maps.row(2).setZero();
  add("redundant_pairs", silent_unit, 3, 1.0);
  // R squared of six others that all correlate by r: 6 r^2 / (1 + 5 r).
  add("redundancy", correlated(9, 0.5f), 9, 6 * 0.25 / 3.5);
  add("redundancy", correlated(9, 0.0f), 9, 0.0);
  add("redundancy", correlated(6, 0.5f), 6, {});
  add("layer_overlap", correlated(5, 0.9f, {{{0, 1}, 0.5f}, {{2, 3}, -0.25f}}, {1, 1, 2, 2, 3}), 5, 0.375);
  add("layer_overlap", correlated(2, -0.75f), 2, 0.75);
  const auto ramp = drawn(4, [](int, int c) { return static_cast<float>(c) - 1.5f; });
  const auto slope = drawn(4, [](int r, int) { return static_cast<float>(r) - 1.5f; });
  const auto chequers = drawn(4, [](int r, int c) { return (r + c) % 2 == 0 ? 1.0f : -1.0f; });
  const auto sum = [](const std::vector<float>& a, const std::vector<float>& b, float by) {
    std::vector<float> map;
    for (std::size_t i = 0; i < a.size(); ++i) map.push_back(a[i] + by * b[i]);
    return map;
  };
  add("map_roughness", with_maps(4, {ramp}), 1, 1 / std::sqrt(1.25));  // a step a cell, over its deviation
  add("map_roughness", with_maps(4, {chequers}), 1, 4.0);
  add("map_symmetry", with_maps(4, {ramp}), 1, 1.0);
  add("map_symmetry", with_maps(4, {sum(ramp, slope, 2)}), 1, 0.8);
  add("map_symmetry", with_maps(4, {sum(ramp, slope, 1), ramp}), 2, 0.75);
  // Two mixtures of an odd map and an even one come apart; one alone does not.
  add("map_symmetry_rotated", with_maps(4, {sum(ramp, slope, 2), sum(ramp, slope, -2)}), 2, 1.0);
  add("map_symmetry_rotated", with_maps(4, {sum(ramp, slope, 2), sum(ramp, slope, -2)}, {1, 2}), 2, 0.8);
  const auto halves = drawn(8, [](int, int c) { return c < 4 ? 1.0f : -1.0f; });
  const auto fine = drawn(8, [](int r, int c) { return (r + c) % 2 == 0 ? 1.0f : -1.0f; });
  add("map_detail", with_maps(8, {halves}), 1, 0.0);
  add("map_detail", with_maps(8, {fine}), 1, 1.0);
  add("map_detail", with_maps(8, {sum(halves, fine, 2)}), 1, 0.8);
  add("map_dimension", correlated(12, 0), 12, 12.0);
  add("map_dimension", correlated(14, 1), 14, 1.0);
  add("map_dimension", correlated(11, 0), 11, {});

  // The whole network.
  Evidence network;
  network.noise_changes = {0.125, 0.375};
  network.zoom_growth = std::log(3.0);
  network.resolution_change = 0.0625;
  add("noise_change", network, 2, 0.25);
  add("noise_change", network, 1, 0.125);
  add("zoom_growth", network, 0, 3.0);
  add("resolution_change", network, 0, 0.0625);
  Evidence other = network;
  other.zoom_growth = std::log(0.5);
  other.resolution_change = 0.5;
  add("zoom_growth", other, 0, 0.5);
  add("resolution_change", other, 0, 0.5);
  other.finite = false;
  add("zoom_growth", other, 0, {});
  add("resolution_change", other, 0, {});

  // By parts: two, the first a mirrored pair; the steps touch one and two of them, the third effect is not
  // reached.
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
    add(name, parts, 2, of_both);
    add(name, parts, 1, of_first);
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
    add(name, scaled, 2, factor * of_both);
    add(name, Evidence{}, 0, {});
  }
  return all;
}

bool agrees(const Answer& found, const Answer& wanted) {
  if (found.has_value() != wanted.has_value()) return false;
  return !wanted || std::abs(*found - *wanted) <= 2e-4 * std::max(1.0, std::abs(*wanted));
}

using Measure = std::function<Answer(const Evidence&, std::span<const std::uint32_t>)>;

/// Whether a function gives all the answers known of a measure.
bool passes(const std::string& name, const Measure& measure, const std::vector<KnownAnswer>& all) {
  for (const KnownAnswer& known : all)
    if (known.measure == name && !agrees(measure(known.evidence, known.items), known.value)) return false;
  return true;
}

}  // namespace

TEST_CASE("every measure gives the answers that follow from its definition") {
  const auto all = answers();
  std::set<std::string> held;
  for (const KnownAnswer& known : all) {
    CAPTURE(known.measure);
    bool found = false;
    for (const MeasureDefinition& measure : measure_table()) {
      if (measure.name != known.measure) continue;
      found = true;
      const Answer value = measure.value(known.evidence, known.items);
      CAPTURE(value.value_or(-999));
      CAPTURE(known.value.value_or(-999));
      CHECK(agrees(value, known.value));
    }
    REQUIRE(found);
    held.insert(known.measure);
  }
  for (const MeasureDefinition& measure : measure_table()) {
    CAPTURE(measure.name);
    CHECK(held.contains(std::string(measure.name)));
  }
}

TEST_CASE("a measure replaced by a constant does not give its known answers") {
  const auto all = answers();
  std::vector<Answer> constants{Answer(), 0.0, 1.0, 0.5, std::numeric_limits<double>::quiet_NaN()};
  for (const KnownAnswer& known : all) constants.push_back(known.value);
  for (const MeasureDefinition& measure : measure_table()) {
    const std::string name(measure.name);
    CAPTURE(name);
    CHECK(passes(name, measure.value, all));
    for (const Answer& constant : constants) {
      CAPTURE(constant.value_or(-999));
      CHECK_FALSE(passes(
          name, [&](const Evidence&, auto) { return constant; }, all));
    }
  }
}

TEST_CASE("the effective number of shares") {
  CHECK(effective_number(std::vector<double>{}) == 0);
  CHECK(effective_number(std::vector<double>{0, 0}) == 0);
  CHECK(effective_number(std::vector<double>{7}) == doctest::Approx(1));
  CHECK(effective_number(std::vector<double>{2, 2, 2, 2}) == doctest::Approx(4));
  CHECK(effective_number(std::vector<double>{5, 0, 5}) == doctest::Approx(2));
  CHECK(effective_number(std::vector<double>{3, -8, 3}) == doctest::Approx(2));  // below 0 is none
  // exp of the entropy of 3/4 and 1/4: 4 / 3^(3/4).
  CHECK(effective_number(std::vector<float>{3, 1}) == doctest::Approx(4 / std::pow(3, 0.75)));
}
