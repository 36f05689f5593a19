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

std::vector<std::uint8_t> parts_on(const Combination& combination) {
  std::vector<std::uint8_t> on;
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

/// Rows of unit length, each at a right angle to those before: as many as there are dimensions (Gram, Schmidt).
Eigen::MatrixXd random_rotation(Eigen::Index n, RandomStream& random) {
  Eigen::MatrixXd rows(n, n);
  for (Eigen::Index r = 0; r < n; ++r) {
    for (Eigen::Index c = 0; c < n; ++c) rows(r, c) = random.normal();
    for (int twice = 0; twice < 2; ++twice)
      for (Eigen::Index before = 0; before < r; ++before)
        rows.row(r) -= rows.row(r).dot(rows.row(before)) * rows.row(before);
    rows.row(r).normalize();
  }
  return rows;
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
  std::map<std::vector<std::uint8_t>, CaseList> sets;
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

PolarLayer names_layer(const PolarCases& cases) {
  PolarLayer layer{"names",
                   Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(cases.rows), std::ssize(cases.names))};
  for (const ProbeCase& one : cases.cases)
    for (std::size_t node = 0; node < one.tree.nodes.size(); ++node) {
      const auto name = std::ranges::find(cases.names, one.tree.nodes[node].name) - cases.names.begin();
      layer.vectors(static_cast<Eigen::Index>(one.first_row + node), name) = 1;
    }
  return layer;
}

PolarLayer planted_layer(const PolarCases& cases, std::uint64_t seed) {
  const double own = std::sqrt(0.7), of_relation = std::sqrt(0.3);
  const Eigen::Index names = std::ssize(cases.names), units = names + Eigen::Index{relation_count};
  RandomStream random(seed, "planted trees");
  PolarLayer layer{"planted", Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(cases.rows), units)};
  for (const ProbeCase& one : cases.cases) {
    const auto row = [&](std::uint32_t node) {
      return layer.vectors.row(static_cast<Eigen::Index>(one.first_row + node));
    };
    // Heads before dependents: a node is settled once its head is, the root (no edge's dependent) at once.
    std::vector<std::uint8_t> settled(one.tree.nodes.size(), 1);
    for (const TreeEdge& edge : one.tree.edges) settled[edge.dependent] = 0;
    for (std::size_t left = one.tree.edges.size(); left > 0;)
      for (const TreeEdge& edge : one.tree.edges) {
        if (settled[edge.dependent] || !settled[edge.head]) continue;
        row(edge.dependent) = row(edge.head);
        const auto name =
            std::ranges::find(cases.names, one.tree.nodes[edge.dependent].name) - cases.names.begin();
        row(edge.dependent)(name) += own;
        row(edge.dependent)(names + static_cast<Eigen::Index>(edge.relation)) += of_relation;
        settled[edge.dependent] = 1;
        --left;
      }
  }
  layer.vectors = layer.vectors * random_rotation(units, random);
  return layer;
}

PolarLayer noise_layer(const PolarCases& cases, int units, std::uint64_t seed) {
  RandomStream random(seed, "noise in the place of units");
  PolarLayer layer{"noise", Eigen::MatrixXd(static_cast<Eigen::Index>(cases.rows), units)};
  for (Eigen::Index r = 0; r < layer.vectors.rows(); ++r)
    for (Eigen::Index c = 0; c < units; ++c) layer.vectors(r, c) = random.normal();
  return layer;
}

std::vector<ProbeCase> shuffled_relations(std::vector<ProbeCase> cases, const CaseList& on,
                                          std::uint64_t seed) {
  std::vector<Relation> relations;
  for (const std::size_t c : on)
    for (const TreeEdge& edge : cases[c].tree.edges) relations.push_back(edge.relation);
  RandomStream(seed, "relations exchanged").shuffle(std::span(relations));
  auto next = relations.begin();
  for (const std::size_t c : on)
    for (TreeEdge& edge : cases[c].tree.edges) edge.relation = *next++;
  return cases;
}

std::vector<ProbeCase> relations_by_pair(std::vector<ProbeCase> cases, std::uint64_t seed) {
  using NamePair = std::pair<std::uint32_t, std::uint32_t>;
  const auto names_of = [](const PartTree& tree, const TreeEdge& edge) {
    return NamePair(tree.nodes[edge.head].name, tree.nodes[edge.dependent].name);
  };
  std::map<NamePair, std::array<std::size_t, relation_count>> counts;
  for (const ProbeCase& one : cases)
    for (const TreeEdge& edge : one.tree.edges)
      ++counts[names_of(one.tree, edge)][static_cast<std::size_t>(edge.relation)];
  std::vector<Relation> relations;
  for (const auto& [pair, of_pair] : counts)
    relations.push_back(static_cast<Relation>(std::ranges::max_element(of_pair) - of_pair.begin()));
  RandomStream(seed, "relations of pairs exchanged").shuffle(std::span(relations));
  std::map<NamePair, Relation> now;
  auto next = relations.begin();
  for (const auto& [pair, of_pair] : counts) now[pair] = *next++;
  for (ProbeCase& one : cases)
    for (TreeEdge& edge : one.tree.edges) edge.relation = now.at(names_of(one.tree, edge));
  return cases;
}

}  // namespace skein::experiments
