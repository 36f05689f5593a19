#include "experiments/polar/polar_cases.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

constexpr float visible = 0.02f;  // change of a channel, in [0, 1]; five of 255 steps

PartMask mask_of(const PictureFamily& family, const Combination& combination, const Picture& whole,
                 std::size_t part) {
  Combination without = combination;
  without[part] = 0;
  const Picture other = family.picture(without, parts_size);
  PartMask mask{static_cast<std::uint32_t>(part), std::vector<std::uint8_t>(whole.pixels(), 0)};
  for (std::size_t i = 0; i < whole.rgb.size(); ++i)
    if (std::abs(whole.rgb[i] - other.rgb[i]) > visible) mask.marked[i % whole.pixels()] = 1;
  return mask;
}

std::vector<bool> parts_on(const Combination& combination) {
  std::vector<bool> on;
  for (const std::uint8_t level : combination) on.push_back(level > 0);
  return on;
}

/// Whether every name and relation of some cases is found in others, and something is left to judge.
bool covers(const PolarCases& cases, const PolarSplit& split) {
  std::set<std::uint32_t> names;
  std::set<Relation> relations;
  for (const std::size_t c : split.fitted) {
    for (const PartNode& node : cases.cases[c].tree.nodes) names.insert(node.name);
    for (const TreeEdge& edge : cases.cases[c].tree.edges) relations.insert(edge.relation);
  }
  bool judged = false;
  for (const std::size_t c : split.held_out) {
    const PartTree& tree = cases.cases[c].tree;
    judged = judged || tree.nodes.size() >= 3;
    for (const PartNode& node : tree.nodes)
      if (!names.contains(node.name)) return false;
    for (const TreeEdge& edge : tree.edges)
      if (!relations.contains(edge.relation)) return false;
  }
  return judged;
}

/// Means over the nodes' own pixels, into the rows of one case. Maps: shape (units, pixels).
void fill_rows(const ProbeCase& one, const std::vector<float>& maps, std::size_t units,
               Eigen::MatrixXd& into) {
  const std::size_t pixels = maps.size() / std::max<std::size_t>(units, 1);
  for (std::size_t node = 0; node < one.tree.nodes.size(); ++node)
    for (std::size_t u = 0; u < units; ++u) {
      double sum = 0;
      for (const std::uint32_t p : one.tree.nodes[node].pixels)
        sum += static_cast<double>(maps[u * pixels + p]);
      into(static_cast<Eigen::Index>(one.first_row + node), static_cast<Eigen::Index>(u)) =
          std::isfinite(sum) ? sum / static_cast<double>(one.tree.nodes[node].pixels.size()) : 0;
    }
}

}  // namespace

PolarCases polar_cases(const PictureFamily& family) {
  const auto& all = family.combinations();
  std::vector<PartTree> trees(all.size());
  parallel_for(all.size(), [&](std::size_t i) {
    const Picture whole = family.picture(all[i], parts_size);
    std::vector<PartMask> masks;
    for (std::size_t part = 0; part < all[i].size(); ++part)
      if (all[i][part] > 0) masks.push_back(mask_of(family, all[i], whole, part));
    trees[i] = tree_of(masks, parts_size, parts_size);
  });
  PolarCases cases;
  cases.parts = family.names();
  std::set<std::uint32_t> names;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (trees[i].nodes.size() < 2) continue;
    for (const PartNode& node : trees[i].nodes) names.insert(node.name);
    std::vector<int> distances = tree_distances(trees[i]);
    const std::size_t nodes = trees[i].nodes.size();
    cases.combinations.push_back(all[i]);
    cases.cases.push_back({std::move(trees[i]), std::move(distances), cases.rows});
    cases.rows += nodes;
  }
  constexpr std::size_t least_cases = 3;
  if (cases.cases.size() < least_cases)
    throw ConfigError("the family has " + std::to_string(cases.cases.size()) +
                      " pictures with two parts or more to tell apart; a probe needs " +
                      std::to_string(least_cases));
  cases.names.assign(names.begin(), names.end());
  return cases;
}

PolarSplit polar_split(const PolarCases& cases, double share, std::uint64_t seed) {
  if (!(share > 0 && share < 1))
    throw ConfigError("held out " + std::to_string(share) + ": must lie between 0 and 1");
  constexpr int tries = 1000;
  std::map<std::vector<bool>, CaseList> sets;
  for (std::size_t c = 0; c < cases.cases.size(); ++c) sets[parts_on(cases.combinations[c])].push_back(c);
  std::vector<const CaseList*> order;
  for (const auto& [on, members] : sets) order.push_back(&members);
  const auto wanted = static_cast<std::size_t>(std::llround(share * static_cast<double>(order.size())));
  const std::size_t out = std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(order.size(), 2) - 1);
  RandomStream random(seed, "sets of parts held out");
  for (int attempt = 0; attempt < tries && order.size() > 1; ++attempt) {
    random.shuffle(std::span(order));
    PolarSplit split;
    for (std::size_t k = 0; k < order.size(); ++k) {
      CaseList& side = k < out ? split.held_out : split.fitted;
      side.insert(side.end(), order[k]->begin(), order[k]->end());
    }
    std::ranges::sort(split.held_out);
    std::ranges::sort(split.fitted);
    if (covers(cases, split)) return split;
  }
  throw ConfigError("held out " + std::to_string(share) + " of " + std::to_string(order.size()) +
                    " sets of parts: the others never show every part and relation");
}

std::vector<PolarLayer> student_layers(const PictureFamily& family, const PolarCases& cases,
                                       const sgd::Mlp& student) {
  const Plan plan(sgd::lower(student.wiring).network);
  std::vector<std::pair<std::string, Eigen::Index>> sizes{{"inputs", plan.network().input_count()}};
  Eigen::Index units = 0;
  for (std::size_t layer = 0; layer < student.wiring.hidden.size(); ++layer) {
    sizes.emplace_back(std::to_string(layer + 1), std::ssize(student.wiring.hidden[layer]));
    units += sizes.back().second;
  }
  std::vector<ValueIndex> values(static_cast<std::size_t>(sizes.front().second + units));
  std::iota(values.begin(), values.end(), ValueIndex{0});
  Eigen::MatrixXd vectors(static_cast<Eigen::Index>(cases.rows), std::ssize(values));
  parallel_for(cases.cases.size(), [&](std::size_t c) {
    const SampleTable samples = family_samples({family.code(cases.combinations[c])}, parts_size);
    std::vector<float> maps(values.size() * samples.count);
    feature_maps(plan, student.weights, samples, values, maps);
    fill_rows(cases.cases[c], maps, values.size(), vectors);
  });
  std::vector<PolarLayer> layers;
  Eigen::Index first = 0;
  for (const auto& [called, size] : sizes) {
    layers.push_back({called, vectors.middleCols(first, size)});
    first += size;
  }
  layers.push_back({"all", vectors.rightCols(units)});
  return layers;
}

PolarLayer genome_layer(const PictureFamily& family, const PolarCases& cases) {
  const Network& network = family.network();
  const Plan plan(network);
  std::vector<ValueIndex> values;
  for (auto value = static_cast<ValueIndex>(network.input_count());
       value < static_cast<ValueIndex>(network.value_count()); ++value)
    if (std::ranges::find(network.outputs(), value) == network.outputs().end()) values.push_back(value);
  PolarLayer layer{"all", Eigen::MatrixXd(static_cast<Eigen::Index>(cases.rows), std::ssize(values))};
  const Grid grid{parts_size, parts_size};
  parallel_for(cases.cases.size(), [&](std::size_t c) {
    std::vector<float> maps(values.size() * grid.pixels());
    feature_maps(plan, family.weights(cases.combinations[c]), grid, values, maps);
    fill_rows(cases.cases[c], maps, values.size(), layer.vectors);
  });
  return layer;
}

}  // namespace skein::experiments
