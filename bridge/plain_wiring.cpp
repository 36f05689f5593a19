#include "bridge/plain_wiring.hpp"

#include <algorithm>

#include "lib/network/carriers.hpp"

namespace skein::bridge {

PlainWiring plain_wiring(const Network& network, std::span<const float> weights) {
  const WithoutCarriers reduced = without_carriers(network, weights);
  const auto inputs = static_cast<std::size_t>(network.input_count());
  std::vector<std::uint8_t> wanted(reduced.stands_for.size(), 0);
  for (const ValueIndex output : network.outputs())
    if (const auto& value = reduced.stands_for[output]) wanted[value->value] = 1;
  const auto needed = feeding(reduced, wanted);

  PlainWiring plain;
  NetworkBuilder builder(network.signature());
  std::vector<ValueIndex> new_value(needed.size(), 0);
  std::vector<int> layer(needed.size(), 0);
  for (std::size_t i = 0; i < inputs; ++i) new_value[i] = static_cast<ValueIndex>(i);
  for (std::size_t v = inputs; v < needed.size(); ++v) {
    if (needed[v] == 0) continue;
    std::vector<Edge> edges;
    layer[v] = 1;
    for (const auto& [source, weight] : reduced.sources[v]) {
      edges.push_back({new_value[source], static_cast<Slot>(plain.weights.size())});
      plain.weights.push_back(static_cast<float>(weight));
      layer[v] = std::max(layer[v], layer[source] + 1);
    }
    new_value[v] = builder.add_unit({network.units()[v - inputs].activation, layer[v]}, edges);
  }
  std::vector<ValueIndex> outputs;
  for (const ValueIndex output : network.outputs()) {
    const auto& value = reduced.stands_for[output];
    outputs.push_back(value ? new_value[value->value] : builder.add_unit({Activation::identity, 1}, {}));
  }
  plain.network = std::move(builder).finish(std::move(outputs), static_cast<int>(plain.weights.size()));
  return plain;
}

PlainWiring plain_wiring(const neat::Genome& genome) {
  const neat::Phenotype phenotype = neat::express(genome);
  return plain_wiring(phenotype.network, phenotype.weights);
}

PlainWiring plain_wiring(const sgd::Mlp& mlp) {
  sgd::validate(mlp);
  return plain_wiring(sgd::lower(mlp.wiring).network, mlp.weights);
}

}  // namespace skein::bridge
