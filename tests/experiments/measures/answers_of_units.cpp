// Known answers of measures over the units' own maps.
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "tests/experiments/measures/known_answers.hpp"

namespace skein::test {

using namespace experiments;

namespace {

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

/// One map and so much of another.
std::vector<float> sum(const std::vector<float>& a, const std::vector<float>& b, float by) {
  std::vector<float> map;
  for (std::size_t i = 0; i < a.size(); ++i) map.push_back(a[i] + by * b[i]);
  return map;
}

/// Units against each other.
void add_correlations(KnownAnswers& answers) {
  const Evidence three = correlated(3, 0.1f, {{{0, 1}, 0.99f}, {{1, 2}, -0.96f}});
  answers.add("redundant_pairs", three, 3, 2.0 / 3);
  answers.add("redundant_pairs", correlated(3, 0.9f), 3, 0.0);
  Evidence silent_unit = three;
  silent_unit.unit_maps.row(2).setZero();
  answers.add("redundant_pairs", silent_unit, 3, 1.0);
  // R squared of six others that all correlate by r: 6 r^2 / (1 + 5 r).
  answers.add("redundancy", correlated(9, 0.5f), 9, 6 * 0.25 / 3.5);
  answers.add("redundancy", correlated(9, 0.0f), 9, 0.0);
  answers.add("redundancy", correlated(6, 0.5f), 6, {});
  answers.add("layer_overlap", correlated(5, 0.9f, {{{0, 1}, 0.5f}, {{2, 3}, -0.25f}}, {1, 1, 2, 2, 3}), 5,
              0.375);
  answers.add("layer_overlap", correlated(2, -0.75f), 2, 0.75);
  answers.add("map_dimension", correlated(12, 0), 12, 12.0);
  answers.add("map_dimension", correlated(14, 1), 14, 1.0);
  answers.add("map_dimension", correlated(11, 0), 11, {});
}

/// Maps by themselves.
void add_shapes(KnownAnswers& answers) {
  const auto ramp = drawn(4, [](int, int c) { return static_cast<float>(c) - 1.5f; });
  const auto slope = drawn(4, [](int r, int) { return static_cast<float>(r) - 1.5f; });
  const auto chequers = drawn(4, [](int r, int c) { return (r + c) % 2 == 0 ? 1.0f : -1.0f; });
  answers.add("map_roughness", with_maps(4, {ramp}), 1,
              1 / std::sqrt(1.25));  // a step a cell, over its deviation
  answers.add("map_roughness", with_maps(4, {chequers}), 1, 4.0);
  answers.add("map_symmetry", with_maps(4, {ramp}), 1, 1.0);
  answers.add("map_symmetry", with_maps(4, {sum(ramp, slope, 2)}), 1, 0.8);
  answers.add("map_symmetry", with_maps(4, {sum(ramp, slope, 1), ramp}), 2, 0.75);
  // Two mixtures of an odd map and an even one come apart; one alone does not.
  answers.add("map_symmetry_rotated", with_maps(4, {sum(ramp, slope, 2), sum(ramp, slope, -2)}), 2, 1.0);
  answers.add("map_symmetry_rotated", with_maps(4, {sum(ramp, slope, 2), sum(ramp, slope, -2)}, {1, 2}), 2,
              0.8);
  const auto halves = drawn(8, [](int, int c) { return c < 4 ? 1.0f : -1.0f; });
  const auto fine = drawn(8, [](int r, int c) { return (r + c) % 2 == 0 ? 1.0f : -1.0f; });
  answers.add("map_detail", with_maps(8, {halves}), 1, 0.0);
  answers.add("map_detail", with_maps(8, {fine}), 1, 1.0);
  answers.add("map_detail", with_maps(8, {sum(halves, fine, 2)}), 1, 0.8);
}

}  // namespace

void add_answers_of_units(KnownAnswers& answers) {
  add_correlations(answers);
  add_shapes(answers);
}

}  // namespace skein::test
