#include "tests/support/plain_evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace skein::test {

namespace {

using neat::Marking;

double input(const std::string& name, double x, double y) {
  if (name == "x") return x;
  if (name == "y") return y;
  if (name == "d") return 1.4 * std::sqrt(x * x + y * y);
  if (name == "bias") return 1;
  throw std::invalid_argument("no picture has an input " + name);
}

/// Picbreeder's functions, as its authors write them.
double curve(Activation activation, double z) {
  switch (activation) {
    case Activation::identity:
      return z;
    case Activation::sin:
      return std::sin(z);
    case Activation::cos:
      return std::cos(z);
    case Activation::tanh:
      return (std::exp(z) - std::exp(-z)) / (std::exp(z) + std::exp(-z));
    case Activation::relu:
      return z < 0 ? 0 : z;
    case Activation::sigmoid:
      return 2 / (1 + std::exp(-z)) - 1;
    case Activation::gaussian:
      return 2 * std::exp(-z * z) - 1;
    case Activation::steep_sigmoid:
      return 1 / (1 + std::exp(-4.9 * z));
  }
  throw std::invalid_argument("no such activation");
}

/// The value of a node and of all that it reads; `known` keeps each from being computed twice.
double value_of(const neat::Genome& genome, const neat::Node& node, std::map<Marking, double>& known) {
  if (const auto found = known.find(node.id); found != known.end()) return found->second;
  double sum = 0;
  for (const neat::Link& link : genome.links)
    if (link.enabled && link.target == node.id) {
      const auto source = std::ranges::find(genome.nodes, link.source, &neat::Node::id);
      sum += link.weight * value_of(genome, *source, known);
    }
  return known[node.id] = curve(node.activation, sum);
}

int layer_of(const neat::Genome& genome, Marking node, std::map<Marking, int>& known) {
  if (const auto found = known.find(node); found != known.end()) return found->second;
  int highest = 0;
  for (const neat::Link& link : genome.links)
    if (link.enabled && link.target == node)
      highest = std::max(highest, layer_of(genome, link.source, known));
  return known[node] = highest + 1;
}

}  // namespace

std::vector<double> plain_outputs(const neat::Genome& genome, double x, double y) {
  const std::size_t inputs = genome.signature.inputs.size(), outputs = genome.signature.outputs.size();
  std::map<Marking, double> known;
  for (std::size_t i = 0; i < inputs; ++i)
    known[genome.nodes[i].id] = input(genome.signature.inputs[i], x, y);
  std::vector<double> values(outputs == 1 ? 2 : 0, 0.0);
  for (std::size_t o = 0; o < outputs; ++o)
    values.push_back(value_of(genome, genome.nodes[inputs + o], known));
  return values;
}

std::vector<double> plain_outputs(const sgd::Mlp& mlp, double x, double y) {
  std::vector<double> below;
  for (const std::string& name : mlp.wiring.signature.inputs) below.push_back(input(name, x, y));
  std::size_t slot = 0;
  for (std::size_t l = 0; l < mlp.wiring.masks.size(); ++l) {
    const std::vector<std::uint8_t>& mask = mlp.wiring.masks[l];
    std::vector<double> here;
    for (std::size_t row = 0; row < mask.size() / below.size(); ++row) {
      double sum = 0;
      for (std::size_t column = 0; column < below.size(); ++column)
        if (mask[row * below.size() + column] != 0)
          sum += static_cast<double>(mlp.weights[slot++]) * below[column];
      here.push_back(l < mlp.wiring.hidden.size() ? curve(mlp.wiring.hidden[l][row].kind.activation, sum)
                                                  : sum);
    }
    below = here;
  }
  return below;
}

std::map<Marking, int> plain_layers(const neat::Genome& genome) {
  std::map<Marking, int> layers;
  for (std::size_t i = 0; i < genome.signature.inputs.size(); ++i) layers[genome.nodes[i].id] = 0;
  for (const neat::Node& node : genome.nodes) layer_of(genome, node.id, layers);
  return layers;
}

}  // namespace skein::test
