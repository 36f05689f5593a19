#include "experiments/measures/subject.hpp"

#include <cmath>
#include <utility>

#include "bridge/layerize.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

/// Per value: whether it lies on a path from an input to an output.
std::vector<std::uint8_t> on_a_path(const Network& network) {
  const auto inputs = static_cast<std::size_t>(network.input_count());
  const auto values = static_cast<std::size_t>(network.value_count());
  std::vector<std::uint8_t> fed(values, 0), used(values, 0);
  for (std::size_t v = 0; v < inputs; ++v) fed[v] = 1;
  for (int u = 0; u < network.unit_count(); ++u)
    for (const Edge& edge : network.edges_of(u))
      if (fed[edge.source]) fed[inputs + static_cast<std::size_t>(u)] = 1;
  for (const ValueIndex output : network.outputs()) used[output] = 1;
  for (int u = network.unit_count() - 1; u >= 0; --u)
    if (used[inputs + static_cast<std::size_t>(u)])
      for (const Edge& edge : network.edges_of(u)) used[edge.source] = 1;
  for (std::size_t v = 0; v < values; ++v) used[v] = used[v] && fed[v];
  return used;
}

/// `copy_slot` marks the copies known; those that can be told by their weight are added.
Subject with_copies(Network network, Weights weights, std::vector<std::uint8_t> copy_slot) {
  if (network.signature() != picture_signature())
    throw ConfigError("the measures need a network from (x, y, d, bias) to (hue, saturation, brightness)");
  if (weights.size() != static_cast<std::size_t>(network.slot_count()))
    throw ConfigError("the network has " + std::to_string(network.slot_count()) + " weights, " +
                      std::to_string(weights.size()) + " were given");
  Subject subject;
  const auto alive = on_a_path(network);
  subject.movable.assign(weights.size(), 0);
  subject.counted.assign(static_cast<std::size_t>(network.unit_count()), 0);
  for (int u = 0; u < network.unit_count(); ++u) {
    const auto value = static_cast<std::size_t>(network.input_count() + u);
    if (!alive[value]) continue;
    const auto edges = network.edges_of(u);
    if (edges.size() == 1 && std::abs(weights[edges[0].slot]) == 1.0f &&
        network.units()[static_cast<std::size_t>(u)].activation == Activation::identity)
      copy_slot[edges[0].slot] = 1;
    const bool copy = edges.size() == 1 && copy_slot[edges[0].slot] != 0;
    subject.counted[static_cast<std::size_t>(u)] = !copy;
    for (const Edge& edge : edges)
      if (!copy_slot[edge.slot] && alive[edge.source]) subject.movable[edge.slot] = 1;
  }
  for (const ValueIndex output : network.outputs())
    if (output >= static_cast<ValueIndex>(network.input_count()))
      subject.counted[output - static_cast<ValueIndex>(network.input_count())] = 0;
  subject.network = std::move(network);
  subject.weights = std::move(weights);
  return subject;
}

}  // namespace

std::vector<Slot> Subject::slots() const {
  std::vector<Slot> chosen;
  for (std::size_t s = 0; s < movable.size(); ++s)
    if (movable[s]) chosen.push_back(static_cast<Slot>(s));
  return chosen;
}

std::vector<ValueIndex> Subject::units() const {
  std::vector<ValueIndex> chosen;
  for (std::size_t u = 0; u < counted.size(); ++u)
    if (counted[u])
      chosen.push_back(static_cast<ValueIndex>(network.input_count()) + static_cast<ValueIndex>(u));
  return chosen;
}

Subject subject_of(const sgd::Mlp& mlp) {
  auto copies = sgd::trainable_without_copies(mlp.wiring);
  for (auto& flag : copies) flag = !flag;
  return with_copies(sgd::lower(mlp.wiring).network, mlp.weights, std::move(copies));
}

Subject subject_of(const neat::Genome& genome) { return subject_of(bridge::layerize(genome)); }

Subject subject_of(Network network, Weights weights) {
  std::vector<std::uint8_t> marked(weights.size(), 0);
  return with_copies(std::move(network), std::move(weights), std::move(marked));
}

}  // namespace skein::experiments
