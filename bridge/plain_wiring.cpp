#include "bridge/plain_wiring.hpp"

#include <map>
#include <optional>

namespace skein::bridge {

namespace {

struct Scaled {
  std::size_t value = 0;
  double factor = 1;
};

using Sources = std::map<std::size_t, double>;

/// What every value of a network reads after contraction; nothing for values that can only be zero.
struct Reduced {
  std::vector<std::optional<Scaled>> stands_for;
  std::vector<Sources> sources;
};

Reduced reduce(const Network& network, std::span<const float> weights) {
  const auto inputs = static_cast<std::size_t>(network.input_count());
  Reduced reduced;
  reduced.sources.resize(static_cast<std::size_t>(network.value_count()));
  for (std::size_t i = 0; i < inputs; ++i) reduced.stands_for.push_back(Scaled{i, 1});
  for (int u = 0; u < network.unit_count(); ++u) {
    const std::size_t here = inputs + static_cast<std::size_t>(u);
    Sources& sources = reduced.sources[here];
    for (const Edge& edge : network.edges_of(u))
      if (const auto& from = reduced.stands_for[edge.source]; from && weights[edge.slot] != 0.0f)
        sources[from->value] += static_cast<double>(weights[edge.slot]) * from->factor;
    std::erase_if(sources, [](const auto& source) { return source.second == 0; });
    const Activation activation = network.units()[static_cast<std::size_t>(u)].activation;
    if (sources.empty() && activate(activation, 0.0) == 0) reduced.stands_for.push_back(std::nullopt);
    else if (activation == Activation::identity && sources.size() == 1)
      reduced.stands_for.push_back(Scaled{sources.begin()->first, sources.begin()->second});
    else reduced.stands_for.push_back(Scaled{here, 1});
  }
  return reduced;
}

}  // namespace

PlainWiring plain_wiring(const Network& network, std::span<const float> weights) {
  const Reduced reduced = reduce(network, weights);
  const auto inputs = static_cast<std::size_t>(network.input_count());
  std::vector<std::uint8_t> needed(reduced.stands_for.size(), 0);
  for (const ValueIndex output : network.outputs())
    if (const auto& value = reduced.stands_for[output]) needed[value->value] = 1;
  for (std::size_t v = needed.size(); v-- > inputs;)
    if (needed[v] != 0)
      for (const auto& [source, weight] : reduced.sources[v]) needed[source] = 1;

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
