#include "experiments/nets/net_description.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/network/oracle.hpp"

namespace skein::experiments {
namespace {

nlohmann::ordered_json activation_counts(const Network& network) {
  nlohmann::ordered_json counts = nlohmann::ordered_json::object();
  for (const Activation activation : all_activations) {
    const auto count = std::ranges::count(network.units(), activation, &Unit::activation);
    if (count > 0) counts[std::string(name(activation))] = count;
  }
  return counts;
}

std::int64_t sum_of(const std::vector<std::vector<std::uint8_t>>& flags) {
  std::int64_t sum = 0;
  for (const auto& layer : flags) sum += std::ranges::count(layer, 1);
  return sum;
}

/// A recursion's state and block, which its rounds share.
nlohmann::ordered_json recursive_form(const Net& net) {
  const sgd::Recursion& recursion = net.recursion->recursion;
  int block = 0;
  for (const auto& [kind, count] : recursion.block) block += count;
  return {{"arch", recursion.text()},
          {"width", recursion.state + block},
          {"parameters", sgd::parameter_count(recursion, net.recursion->signature)},
          {"nonzero", std::ranges::count_if(net.weights, [](float w) { return w != 0.0f; }) - 1},
          {"copies", 0},
          {"depth", net.network.depth() - 1}};
}

/// What a network is in layers; nothing, with a warning, where that form is too large to be made.
nlohmann::ordered_json layered_form(const Net& net, std::vector<std::string>& warnings) {
  if (net.recursion) return recursive_form(net);
  try {
    const sgd::Mlp mlp = as_mlp(net);
    const sgd::Architecture architecture = sgd::architecture_of(mlp.wiring);
    std::int64_t parameters = 0;
    for (int l = 0; l <= mlp.wiring.depth(); ++l) {
      const MatrixShape shape = mlp.wiring.shape(l);
      parameters += std::int64_t{shape.rows} * shape.columns;
    }
    return {{"arch", architecture.text()},
            {"width", architecture.width()},
            {"parameters", parameters},
            {"nonzero", std::ranges::count_if(mlp.weights, [](float w) { return w != 0.0f; })},
            {"copies", sum_of(mlp.wiring.copies)},
            {"depth", architecture.depth}};
  } catch (const ConfigError& error) {
    if (!net.genome) throw;
    warnings.push_back(std::string("its layered form is too large: ") + error.what());
    int depth = 0;
    for (const Unit& unit : net.network.units()) depth = std::max(depth, unit.layer);
    return {{"arch", nullptr},
            {"width", nullptr},
            {"parameters", nullptr},
            {"nonzero", std::ranges::count_if(net.weights, [](float w) { return w != 0.0f; })},
            {"copies", nullptr},
            {"depth", depth}};
  }
}

/// Inputs to compare two networks on: a grid for those that draw, random ones in [-1, 1] for others.
std::vector<std::vector<double>> comparison_inputs(const Net& net) {
  constexpr int side = 64;
  std::vector<std::vector<double>> inputs;
  const Grid grid{side, side};
  RandomStream random(0, "inputs to compare networks on");
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      if (net.draws()) {
        inputs.push_back(oracle_inputs(net.network, grid, row, column));
        continue;
      }
      auto& values = inputs.emplace_back(net.network.signature().inputs.size());
      for (double& value : values) value = random.uniform(-1, 1);
    }
  return inputs;
}

}  // namespace

nlohmann::ordered_json describe(const Net& net) {
  std::vector<std::string> warnings = net.warnings;
  const nlohmann::ordered_json layered = layered_form(net, warnings);
  const auto& genome = net.genome;
  return {
      {"kind", net.kind()},
      {"source", name(net.source)},
      {"title", net.title},
      {"inputs", net.network.signature().inputs},
      {"outputs", genome ? genome->genome.signature.outputs : net.network.signature().outputs},
      {"nodes", genome ? static_cast<std::int64_t>(genome->genome.nodes.size())
                       : std::int64_t{net.network.value_count()}},
      {"links", genome ? static_cast<std::int64_t>(genome->genome.links.size())
                       : std::int64_t{net.network.edge_count()}},
      {"disabled_links", genome ? std::ranges::count(genome->genome.links, false, &neat::Link::enabled) : 0},
      {"labelled_links", genome ? static_cast<std::int64_t>(genome->notes.labels.size()) : 0},
      {"depth", layered["depth"]},
      {"arch", layered["arch"]},
      {"width", layered["width"]},
      {"parameters", layered["parameters"]},
      {"nonzero", layered["nonzero"]},
      {"copies", layered["copies"]},
      {"activations", activation_counts(net.network)},
      {"trained",
       (net.mlp && !net.mlp->initial.empty()) || (net.recursion && !net.recursion->initial.empty())},
      {"warnings", warnings}};
}

double max_abs_difference(const Net& a, const Net& b) {
  if (a.network.signature() != b.network.signature())
    throw ConfigError("networks with different inputs or outputs cannot be compared");
  const std::vector<double> weights_a(a.weights.begin(), a.weights.end()),
      weights_b(b.weights.begin(), b.weights.end());
  double most = 0;
  for (const std::vector<double>& inputs : comparison_inputs(a)) {
    const auto left = oracle_outputs(a.network, weights_a, inputs),
               right = oracle_outputs(b.network, weights_b, inputs);
    for (std::size_t o = 0; o < left.size(); ++o) most = std::max(most, std::abs(left[o] - right[o]));
  }
  return most;
}

}  // namespace skein::experiments
