// Genomes with every oddity of real ones, written as documents, read, layered, drawn and lifted, against evaluation straight
// from their definition.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "bridge/layerize.hpp"
#include "lib/network/oracle.hpp"
#include "neat/files/picbreeder.hpp"
#include "tests/support/odd_genome.hpp"
#include "tests/support/plain_evaluator.hpp"
#include "tests/support/weights_by_origin.hpp"

using namespace skein;
using namespace skein::bridge;
using neat::Genome;
using neat::Link;
using neat::Marking;
using neat::Node;
using neat::NodeRole;
using test::odd_genome;
using test::plain_layers;
using test::plain_outputs;

namespace {

constexpr std::uint64_t genome_count = 300;

const std::vector<std::pair<double, double>>& points() {
  static const std::vector<std::pair<double, double>> all{{-1, -1},    {0, 0},     {0.25, -0.5},
                                                          {-0.625, 1}, {1, 0.125}, {0.9, 0.7}};
  return all;
}

double apart(double value, double wanted) {
  return std::abs(value - wanted) / std::max(1.0, std::abs(wanted));
}

/// The largest difference of a network's outputs, in double precision, from those of the genome's definition.
double from_definition(const Network& network, const Weights& weights, const Genome& genome) {
  const std::vector<double> exact(weights.begin(), weights.end());
  double worst = 0;
  for (const auto& [x, y] : points()) {
    const std::vector<double> inputs{x, y, 1.4 * std::sqrt(x * x + y * y), 1};
    const auto wanted = plain_outputs(genome, x, y), given = oracle_outputs(network, exact, inputs);
    REQUIRE(given.size() == wanted.size());
    for (std::size_t o = 0; o < wanted.size(); ++o) worst = std::max(worst, apart(given[o], wanted[o]));
  }
  return worst;
}

/// The same of an MLP as matrices.
double from_definition(const sgd::Mlp& mlp, const Genome& genome) {
  double worst = 0;
  for (const auto& [x, y] : points()) {
    const auto wanted = plain_outputs(genome, x, y), given = plain_outputs(mlp, x, y);
    REQUIRE(given.size() == wanted.size());
    for (std::size_t o = 0; o < wanted.size(); ++o) worst = std::max(worst, apart(given[o], wanted[o]));
  }
  return worst;
}

std::vector<float> drawn(const Network& network, const Weights& weights, const Grid& grid) {
  std::vector<float> outputs(3 * grid.pixels());
  evaluate(Plan(network), weights, grid, outputs);
  return outputs;
}

/// Where every node of a genome belongs in its layered form, by the construction's definition.
struct PlainLayering {
  std::vector<Marking>
      order;  ///< inputs, then nodes as a depth-first evaluation of the outputs finishes them
  std::map<Marking, int> first, last;  ///< layers that hold a node
  std::map<Marking, Activation> activation;
  std::vector<Marking> outputs;
  int depth = 1;
};

void evaluate_depth_first(const Genome& genome, Marking node, PlainLayering& plain) {
  if (std::ranges::find(plain.order, node) != plain.order.end()) return;
  for (const Link& link : genome.links)
    if (link.enabled && link.target == node) evaluate_depth_first(genome, link.source, plain);
  plain.order.push_back(node);
}

PlainLayering layer_plainly(const Genome& genome) {
  const std::size_t inputs = genome.signature.inputs.size(), outputs = genome.signature.outputs.size();
  PlainLayering plain;
  plain.first = plain_layers(genome);
  for (const Node& node : genome.nodes) plain.activation[node.id] = node.activation;
  for (std::size_t i = 0; i < inputs; ++i) plain.order.push_back(genome.nodes[i].id);
  for (std::size_t o = 0; o < outputs; ++o) {
    plain.outputs.push_back(genome.nodes[inputs + o].id);
    evaluate_depth_first(genome, plain.outputs[o], plain);
  }
  if (outputs == 1)
    for (const int id : {0, 1}) {
      plain.order.push_back({-1, id});
      plain.first[{-1, id}] = plain.first.at(plain.outputs.back()) + 1;
      plain.activation[{-1, id}] = Activation::identity;
      plain.outputs.insert(plain.outputs.end() - 1, {-1, id});
    }
  std::vector<std::pair<int, Marking>> rest;
  for (const auto& [node, layer] : plain.first) rest.emplace_back(layer, node);
  std::ranges::sort(rest);
  for (const auto& [layer, node] : rest)
    if (node.branch != -1) evaluate_depth_first(genome, node, plain);
  for (const auto& [node, layer] : plain.first) plain.depth = std::max(plain.depth, layer);
  plain.last = plain.first;
  for (const Link& link : genome.links)
    if (link.enabled)
      plain.last.at(link.source) = std::max(plain.last.at(link.source), plain.first.at(link.target) - 1);
  for (const Marking output : plain.outputs) plain.last.at(output) = plain.depth;
  return plain;
}

/// Every weight that the layered form has: links between nodes, copies, and the reading of the outputs.
std::multiset<test::WeightByOrigin> wanted_weights(const Genome& genome, const PlainLayering& plain) {
  std::map<std::pair<Marking, Marking>, double> links;
  for (const Link& link : genome.links)
    if (link.enabled) links[{link.source, link.target}] += link.weight;
  std::multiset<test::WeightByOrigin> wanted;
  for (const auto& [ends, weight] : links) {
    const auto& [source, target] = ends;
    const int below = plain.first.at(target) - 1;
    wanted.insert({below, source, below > plain.first.at(source), target, false, static_cast<float>(weight)});
  }
  for (const auto& [node, last] : plain.last)
    for (int layer = plain.first.at(node); layer < last; ++layer)
      wanted.insert({layer, node, layer > plain.first.at(node), node, true, 1.0f});
  for (std::size_t o = 0; o < plain.outputs.size(); ++o) {
    const bool copy = plain.depth > plain.first.at(plain.outputs[o]);
    wanted.insert({plain.depth, plain.outputs[o], copy, {-2, static_cast<int>(o)}, false, 1.0f});
  }
  return wanted;
}

/// Columns of every layer: kinds by name, as many of each as the fullest layer needs, filled in the order of evaluation.
std::vector<std::vector<std::optional<sgd::UnitOrigin>>> wanted_columns(const PlainLayering& plain) {
  std::vector<std::map<std::string, std::vector<sgd::UnitOrigin>>> by_kind(
      static_cast<std::size_t>(plain.depth));
  std::map<std::string, std::size_t> most;
  for (int layer = 1; layer <= plain.depth; ++layer)
    for (const Marking node : plain.order) {
      if (layer < plain.first.at(node) || layer > plain.last.at(node)) continue;
      const bool copy = layer > plain.first.at(node);
      const std::string kind = copy ? "cache" : std::string(name(plain.activation.at(node)));
      auto& here = by_kind[static_cast<std::size_t>(layer) - 1][kind];
      here.push_back({node.branch, node.id, copy});
      most[kind] = std::max(most[kind], here.size());
    }
  std::vector<std::vector<std::optional<sgd::UnitOrigin>>> columns;
  for (const auto& kinds : by_kind) {
    auto& layer = columns.emplace_back();
    for (const auto& [kind, width] : most) {
      const auto found = kinds.find(kind);
      for (std::size_t c = 0; c < width; ++c)
        if (found != kinds.end() && c < found->second.size()) layer.push_back(found->second[c]);
        else layer.push_back(std::nullopt);
    }
  }
  return columns;
}

/// Identity nodes, which drawing may fold into what reads them, in an order of its own.
bool has_linear_nodes(const Genome& genome) {
  return std::ranges::any_of(genome.nodes, [](const Node& node) {
    return node.role != NodeRole::input && node.activation == Activation::identity;
  });
}

bool has_parallel_links(const Genome& genome) {
  std::set<std::pair<Marking, Marking>> ends;
  return std::ranges::any_of(genome.links, [&](const Link& link) {
    return link.enabled && !ends.insert({link.source, link.target}).second;
  });
}

}  // namespace

TEST_CASE("the odd genomes have every oddity, and none is rare") {
  std::map<std::string, int> having;
  std::set<Activation> activations;
  for (std::uint64_t seed = 0; seed < genome_count; ++seed) {
    CAPTURE(seed);
    const Genome genome = odd_genome(seed);
    REQUIRE_NOTHROW(neat::validate(genome));
    const auto layers = plain_layers(genome);
    std::set<std::int32_t> branches, ids;
    std::set<Marking> read, fed;
    for (const Node& node : genome.nodes) {
      branches.insert(node.id.branch);
      ids.insert(node.id.id);
      if (node.role != NodeRole::input) activations.insert(node.activation);
    }
    for (const Link& link : genome.links)
      if (link.enabled) {
        read.insert(link.source);
        fed.insert(link.target);
      }
    const auto any_node = [&](auto check) { return std::ranges::any_of(genome.nodes, check); };
    const auto any_link = [&](auto check) { return std::ranges::any_of(genome.links, check); };
    const auto role = [](NodeRole wanted) { return [wanted](const Node& n) { return n.role == wanted; }; };
    having["colour"] += genome.signature.outputs.size() == 3;
    having["ink"] += genome.signature.outputs.size() == 1;
    having["two branches"] += branches.size() == 2;
    having["ids of both"] += ids.size() < genome.nodes.size();
    having["a link out of an output"] +=
        any_node([&](const Node& n) { return n.role == NodeRole::output && read.contains(n.id); });
    having["an output without links"] +=
        any_node([&](const Node& n) { return n.role == NodeRole::output && !fed.contains(n.id); });
    having["a node nobody reads"] +=
        any_node([&](const Node& n) { return n.role == NodeRole::hidden && !read.contains(n.id); });
    having["a node that reads nothing"] +=
        any_node([&](const Node& n) { return n.role == NodeRole::hidden && !fed.contains(n.id); });
    having["parallel links"] += has_parallel_links(genome);
    having["a weight of zero"] += any_link([](const Link& l) { return l.enabled && l.weight == 0; });
    having["a disabled link backwards"] +=
        any_link([&](const Link& l) { return !l.enabled && layers.at(l.target) < layers.at(l.source); });
    having["30 layers"] += std::ranges::any_of(layers, [](const auto& layer) { return layer.second >= 30; });
    having["no hidden node"] += !any_node(role(NodeRole::hidden));
  }
  CHECK(activations.size() == all_activations.size());
  CHECK(having.size() == 13);
  for (const auto& [oddity, count] : having) {
    CAPTURE(oddity);
    CHECK(count >= 10);
  }
}

TEST_CASE("an odd genome's network computes the genome's definition, in double precision and drawn") {
  const Grid grid{7, 5};
  for (std::uint64_t seed = 0; seed < genome_count; ++seed) {
    CAPTURE(seed);
    const Genome genome = odd_genome(seed);
    const neat::Phenotype phenotype = neat::express(genome);
    CHECK(from_definition(phenotype.network, phenotype.weights, genome) < 1e-11);
    const auto outputs = drawn(phenotype.network, phenotype.weights, grid);
    double worst = 0;
    for (std::size_t p = 0; p < grid.pixels(); ++p) {
      const int row = static_cast<int>(p) / grid.width, column = static_cast<int>(p) % grid.width;
      const auto wanted = plain_outputs(genome, -1 + 2.0 * column / 6, -1 + 2.0 * row / 4);
      for (std::size_t o = 0; o < 3; ++o)
        worst = std::max(worst, apart(static_cast<double>(outputs[o * grid.pixels() + p]), wanted[o]));
    }
    CHECK(worst < 1e-4);
  }
}

TEST_CASE("an odd genome's layered form is the construction's, weight for weight and column for column") {
  for (std::uint64_t seed = 0; seed < genome_count; ++seed) {
    CAPTURE(seed);
    const Genome genome = odd_genome(seed);
    const PlainLayering plain = layer_plainly(genome);
    const sgd::Mlp mlp = layerize(genome);
    CHECK(mlp.wiring.depth() == plain.depth);
    CHECK(test::weights_by_origin(mlp) == wanted_weights(genome, plain));
    std::vector<std::vector<std::optional<sgd::UnitOrigin>>> columns;
    for (const auto& layer : mlp.wiring.hidden) {
      auto& origins = columns.emplace_back();
      for (const sgd::MlpUnit& unit : layer) origins.push_back(unit.origin);
    }
    CHECK((columns == wanted_columns(plain)));
  }
}

TEST_CASE("an odd genome gives the same hue, saturation and brightness layered, lifted or as it is") {
  const Grid grid{7, 5};
  int rounded_alike = 0;
  for (std::uint64_t seed = 0; seed < genome_count; ++seed) {
    CAPTURE(seed);
    const Genome genome = odd_genome(seed);
    const sgd::Mlp mlp = layerize(genome);
    CHECK(from_definition(mlp, genome) < 1e-11);
    const Genome lifted = lift(mlp).genome;
    const neat::Phenotype again = neat::express(lifted);
    CHECK(from_definition(again.network, again.weights, genome) < 1e-11);
    // Sums run in the same order, so that drawing rounds alike.
    if (has_parallel_links(genome) || has_linear_nodes(genome)) continue;
    ++rounded_alike;
    const neat::Phenotype phenotype = neat::express(genome);
    CHECK(drawn(sgd::lower(mlp.wiring).network, mlp.weights, grid) ==
          drawn(phenotype.network, phenotype.weights, grid));
  }
  CHECK(rounded_alike > 25);
}

TEST_CASE("odd documents give genomes that compute what was written, alone and in saved sets") {
  std::map<std::string, int> warned;
  for (std::uint64_t seed = 0; seed < genome_count; seed += 3) {
    CAPTURE(seed);
    const std::vector<Genome> written{odd_genome(seed), odd_genome(seed + 1), odd_genome(seed + 2)};
    const std::size_t count = 1 + seed % written.size();
    const auto read =
        neat::parse_picbreeder(test::odd_document(std::span(written).first(count), seed), "odd.xml");
    REQUIRE(read.size() == count);
    for (std::size_t g = 0; g < count; ++g) {
      const Genome& genome = read[g].genome;
      CHECK(genome.signature == written[g].signature);
      const neat::Phenotype phenotype = neat::express(genome);
      CHECK(from_definition(phenotype.network, phenotype.weights, written[g]) < 1e-11);
      CHECK(from_definition(layerize(genome), written[g]) < 1e-11);
      for (const char* oddity : {"is listed twice", "bias of its own", "enters an input", "is a word"})
        warned[oddity] += std::ranges::any_of(read[g].notes.warnings, [&](const std::string& warning) {
          return warning.find(oddity) != std::string::npos;
        });
    }
  }
  for (const auto& [oddity, count] : warned) {
    CAPTURE(oddity);
    CHECK(count >= 5);
  }
}
