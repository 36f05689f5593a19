#include "lib/network/carriers.hpp"

#include <algorithm>
#include <cmath>

#include "lib/graph/reachability.hpp"

namespace skein {

namespace {

/// Adds to the connection from a value, which is made when missing.
void add_source(std::vector<Scaled>& sources, std::size_t value, double weight) {
  const auto place = std::ranges::lower_bound(sources, value, {}, &Scaled::value);
  if (place != sources.end() && place->value == value) place->factor += weight;
  else sources.insert(place, {value, weight});
}

}  // namespace

WithoutCarriers without_carriers(const Network& network, std::span<const float> weights,
                                 const CarrierRules& rules) {
  const auto inputs = static_cast<std::size_t>(network.input_count());
  WithoutCarriers result;
  result.sources.resize(static_cast<std::size_t>(network.value_count()));
  for (std::size_t i = 0; i < inputs; ++i) result.stands_for.push_back(Scaled{i, 1});
  for (int u = 0; u < network.unit_count(); ++u) {
    const std::size_t here = inputs + static_cast<std::size_t>(u);
    auto& sources = result.sources[here];
    for (const Edge& edge : network.edges_of(u))
      if (const auto& from = result.stands_for[edge.source];
          from && !(rules.without_zeros && weights[edge.slot] == 0.0f))
        add_source(sources, from->value, static_cast<double>(weights[edge.slot]) * from->factor);
    if (rules.without_zeros) std::erase_if(sources, [](const Scaled& source) { return source.factor == 0; });
    const Activation activation = network.units()[static_cast<std::size_t>(u)].activation;
    const bool may_vanish = rules.carrier ? rules.carrier(u) : activation == Activation::identity;
    const double size = sources.size() == 1 ? std::abs(sources[0].factor) : 0;
    if (may_vanish && sources.size() == 1 &&
        (size == 0 || (size >= rules.least_factor && size <= rules.greatest_factor)))
      result.stands_for.push_back(sources[0]);
    else if (sources.empty() && activate(activation, 0.0) == 0 && !(rules.stays && rules.stays(u)))
      result.stands_for.push_back(std::nullopt);
    else result.stands_for.push_back(Scaled{here, 1});
  }
  return result;
}

std::vector<std::uint8_t> feeding(const WithoutCarriers& contracted, std::span<const std::uint8_t> wanted) {
  DirectedGraph graph{contracted.sources.size(), {}};
  std::vector<std::uint32_t> ends;
  for (std::uint32_t v = 0; v < contracted.sources.size(); ++v) {
    for (const Scaled& source : contracted.sources[v])
      graph.edges.emplace_back(static_cast<std::uint32_t>(source.value), v);
    if (wanted[v] != 0) ends.push_back(v);
  }
  return reaching(graph, ends);
}

}  // namespace skein
